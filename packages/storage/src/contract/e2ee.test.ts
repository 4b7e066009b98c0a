import { describeContract } from "./describe-contract.ts";
import { deviceKeysContract } from "./device-keys.contract.ts";
import { oneTimeKeysContract } from "./one-time-keys.contract.ts";
import { toDeviceContract } from "./to-device.contract.ts";

describeContract("device keys", deviceKeysContract);
describeContract("one-time keys", oneTimeKeysContract);
describeContract("to-device messages", toDeviceContract);
