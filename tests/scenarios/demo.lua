-- `./dev demo`: starts the sandbox, runs one night against it and verifies with the server what became of it.
local here = arg[0]:match "^(.*)/[^/]*$" or "."
package.path = here .. "/?.lua;" .. package.path
local sandbox = require("sandbox").start()
local night = require "night_process"
local expected = require "expected"

print(("The sandbox plays ThreatLocker (%s) and Splunk SOAR (%s).\n"):format(sandbox.portal, sandbox.soar))
local ledger <close> = night.ledger()
local ended_well = night.run(sandbox, ledger.path)
local line, wrong = expected.verify(sandbox)
sandbox:stop()

print()
if not ended_well or not line then
  io.stderr:write("demo: failed\n", wrong and wrong .. "\n" or "")
  os.exit(1, true)
end
print(line)
