import { describeContract } from "./describe-contract.ts";
import { eventsContract } from "./events.contract.ts";
import { membershipsContract } from "./memberships.contract.ts";
import { metaContract } from "./meta.contract.ts";
import { receiptsContract } from "./receipts.contract.ts";
import { relationsContract } from "./relations.contract.ts";
import { roomStateContract } from "./room-state.contract.ts";
import { roomsContract } from "./rooms.contract.ts";

describeContract("meta", metaContract);
describeContract("rooms", roomsContract);
describeContract("events", eventsContract);
describeContract("room state", roomStateContract);
describeContract("memberships", membershipsContract);
describeContract("receipts", receiptsContract);
describeContract("relations", relationsContract);
