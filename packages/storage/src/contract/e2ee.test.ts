import { crossSigningKeysContract } from "./cross-signing-keys.contract.ts";
import { describeContract } from "./describe-contract.ts";
import { deviceKeysContract } from "./device-keys.contract.ts";
import { deviceListsContract } from "./device-lists.contract.ts";
import { keyBackupsContract } from "./key-backups.contract.ts";
import { oneTimeKeysContract } from "./one-time-keys.contract.ts";
import { toDeviceContract } from "./to-device.contract.ts";

describeContract("device keys", deviceKeysContract);
describeContract("one-time keys", oneTimeKeysContract);
describeContract("cross-signing keys", crossSigningKeysContract);
describeContract("device lists", deviceListsContract);
describeContract("key backups", keyBackupsContract);
describeContract("to-device messages", toDeviceContract);
