// A stand-in for Mixxx's script engine: runs a mapping's script with the calls that stdin lists,
// and prints what the script did. Run by test_mixxx.py: node mixxx_engine.js SCRIPT < calls.json
const fs = require("fs");
const vm = require("vm");

const done = [];
const parameters = {};
const engine = {
    getParameter: (group, key) => parameters[group + key] ?? 0.5,
    setParameter: (group, key, value) => {
        if (!(value >= 0 && value <= 1)) {
            throw new Error(`${group} ${key}: ${value} is no parameter`);
        }
        parameters[group + key] = value;
        done.push(["parameter", group, key, value]);
    },
    setValue: (group, key, value) => done.push(["value", group, key, value]),
};
const context = vm.createContext({engine, print: (text) => done.push(["print", text])});
vm.runInContext(fs.readFileSync(process.argv[2], "utf8"), context);
const {settings, calls} = JSON.parse(fs.readFileSync(0, "utf8"));
Object.assign(context.Oscbridge.settings, settings);
context.Oscbridge.init("oscbridge", false);
for (const call of calls) {
    if (call.turn) {
        parameters["[QuickEffectRack1_[Channel1]]super1"] = call.turn;
    } else {
        const [prefix, name] = call.key.split(".");
        context[prefix][name](call.status & 0x0f, call.control, call.value, call.status, call.group);
    }
}
context.Oscbridge.shutdown();
console.log(JSON.stringify(done));
