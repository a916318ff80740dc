-- Nightly report: what was decided on one day and what still waits, as CSV (RFC 4180, UTF-8) for a spreadsheet.
--
--   lua5.4 nightly_report.lua [YYYY-MM-DD] >report.csv      of a UTC day; default: yesterday
--
-- The connection comes from the environment: THREATLOCKER_INSTANCE (or THREATLOCKER_BASE_URL), THREATLOCKER_API_KEY.
-- Exit code 1: a list could not be read whole. Nothing is printed then: half a report would look like all there is.
local threatlocker = require "threatlocker"

-- The value; or one line about what is wrong, and the end.
local function check(value, message)
  if value then return value end
  io.stderr:write("nightly_report: ", message, "\n")
  os.exit(1, true)
end

local day = ... or os.date("!%Y-%m-%d", os.time() - 24 * 60 * 60)
check(day:find "^%d%d%d%d%-%d%d%-%d%d$", "usage: nightly_report.lua [YYYY-MM-DD]")
local client <close> = check(threatlocker.client { page_size = 500 })

-- A cell is always quoted. Server text that a spreadsheet would take for a formula begins with an apostrophe.
local function cell(value)
  local text = threatlocker.clean_text((tostring(value or ""):gsub("%s+", " ")))
  if text:find "^[=+%-@]" or text:find "^\xEF\xBC[\x8B\x8D\x9D\xA0]" then text = "'" .. text end -- ＋ － ＝ ＠, too
  return '"' .. text:gsub('"', '""') .. '"'
end

local lines = {}
local function add(...)
  local cells = table.pack(...)
  for at = 1, cells.n do cells[at] = cell(cells[at]) end
  lines[#lines + 1] = table.concat(cells, ",") .. "\r\n"
end

-- Adds the requests with that status that `wanted` picks. The list raises in the loop when it breaks off.
local function add_all(status, wanted)
  local requests <close> = client:requests { status = status, children = true }
  for request in requests do
    if wanted(request) then
      add(status, request.dateTime, request.actionDate, request.approvedBy, request.organizationName, request.hostname,
        request.username, request.path, request.requestorReasonText, request.comments, request.approvalRequestId)
    end
  end
  check(requests:complete(), "the list moved while it was read and may lack something: run this again")
end

add("status", "asked", "decided", "decided by", "organization", "computer", "user", "file", "reason", "comments",
  "request")
-- What waits comes first: a request that is decided meanwhile then shows as waiting, instead of nowhere.
for _, status in ipairs { "pending", "escalated", "escalated_by_customer" } do
  add_all(status, function() return true end)
end
for _, status in ipairs { "approved", "rejected", "added_to_application", "self_approved", "not_learned" } do
  add_all(status, function(request) return (request.actionDate or ""):sub(1, 10) == day end)
end
check(io.stdout:write(table.concat(lines)))
check(io.stdout:flush())
