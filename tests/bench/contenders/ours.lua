-- Our Lua module: `ours.lua fields|rows [CONCURRENCY]` walks the list, with three members of each row or all of them.
local threatlocker = require "threatlocker"

local fields = arg[1] == "fields" and { "approvalRequestId", "hostname", "path" } or nil
local client <close> = assert(threatlocker.client { fields = fields, concurrency = math.tointeger(arg[2]) })
for row in client:requests { children = true } do
  io.write(row.approvalRequestId, "\t", row.hostname, "\t", row.path, "\n")
end
