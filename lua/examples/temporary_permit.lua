-- Temporary permit: lets one file run on the requester's computer for some hours, with a ticket on record.
--
--   lua5.4 temporary_permit.lua REQUEST HOURS TICKET
--
-- REQUEST is the id of a pending request, of a child organization, too. The permit makes an application of its own
-- that holds the file's hash and nothing else, so that nothing but this file is allowed, and nobody forgets to end it.
-- The connection comes from the environment: THREATLOCKER_INSTANCE (or THREATLOCKER_BASE_URL), THREATLOCKER_API_KEY.
-- Exit code 0: permitted, and verified by reading back; 1: anything else.
local threatlocker = require "threatlocker"

-- The value; or one line about what is wrong, and the end.
local function check(value, message)
  if value then return value end
  io.stderr:write("temporary_permit: ", message, "\n")
  os.exit(1, true)
end

local id, hours, ticket = ...
hours = math.tointeger(tonumber(hours or ""))
check(ticket and ticket ~= "" and hours and hours >= 1 and hours <= 24 * 31,
  "usage: temporary_permit.lua REQUEST HOURS TICKET (1 to 744 hours)")

local client <close> = check(threatlocker.client())

-- The list knows which organization a request belongs to, and that it is still pending.
local function find()
  for request in client:requests { status = "pending", children = true } do
    if request.approvalRequestId == id:lower() then return request end
  end
  return nil, "no pending request has the id " .. threatlocker.clean_text(id)
end

local request = check(find())
local expires = os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + hours * 60 * 60)
local outcome = check(client:permit(request, {
  application = "new", name = ("Temporary, %s: %s"):format(ticket, id), scope = "computer",
  rules = { { hash = request.threatLockerActionDto.hash } },
  expires = expires, ticket = ticket, comments = ("For %d hours"):format(hours),
}))
check(outcome.outcome == "permitted" and outcome.verified,
  outcome.outcome .. ": " .. (outcome.message or "not verified: look into the portal"))

-- What a server says is cleaned before a terminal sees it.
local function say(name, value) print(name .. threatlocker.clean_text(value)) end
say("permitted:   ", request.path)
say("until:       ", expires)
say("policy:      ", outcome.policy_id)
say("application: ", outcome.application_id)
