-- One queue over all children: the pending requests of the token's organization and of all organizations below it in
-- one table, oldest first.
--
--   lua5.4 one_queue.lua
--
-- The connection comes from the environment: THREATLOCKER_INSTANCE (or THREATLOCKER_BASE_URL), THREATLOCKER_API_KEY.
-- Exit code 1: the list could not be read, or moved so much meanwhile that something may be missing.
local threatlocker = require "threatlocker"

-- The value; or one line about what is wrong, and the end.
local function check(value, message)
  if not value then
    io.stderr:write("one_queue: ", message, "\n")
    os.exit(1, true)
  end
  return value
end

local client <close> = check(threatlocker.client())

-- Read whole before anything is shown: a list that breaks off raises in this loop.
local requests <close> = client:requests { status = "pending", children = true }
local queue = {}
for request in requests do queue[#queue + 1] = request end
table.sort(queue, function(a, b)
  local asked_a, asked_b = a.dateTime or "", b.dateTime or ""
  return asked_a < asked_b or asked_a == asked_b and a.approvalRequestId < b.approvalRequestId
end)

local rows = { { "ASKED (UTC)", "ORGANIZATION", "COMPUTER", "USER", "KIND", "REQUEST", "FILE" } }
for at, request in ipairs(queue) do
  rows[at + 1] = { request.dateTime, request.organizationName or request.organizationId, request.hostname,
                   request.username, request.requestKind, request.approvalRequestId, request.path }
end

-- Whatever a server or a file's name says is cleaned before a terminal sees it.
local widths = { 0, 0, 0, 0, 0, 0, 0 }
for _, row in ipairs(rows) do
  for at, width in ipairs(widths) do
    row[at] = threatlocker.clean_text(row[at], at < #widths and 40 or 200)
    widths[at] = math.max(width, utf8.len(row[at]))
  end
end

for _, row in ipairs(rows) do
  for at = 1, #row - 1 do row[at] = row[at] .. (" "):rep(widths[at] - utf8.len(row[at])) end
  print(table.concat(row, "  "))
end
print(("\n%d requests"):format(#queue))
check(requests:complete(), "the list moved while it was read and may lack something: run this again")
