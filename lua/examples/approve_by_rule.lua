-- Approve by rule: permits a pending request where exactly one application matches its file, that application is not
-- a built-in one, and either it or the file's signer is on your list. Never a guess: all else is left to a person.
--
--   lua5.4 approve_by_rule.lua RULES [--dry-run]      shows what would be sent, and sends nothing
--   lua5.4 approve_by_rule.lua RULES --yes            sends it
--
-- RULES is a file of lines "application ORGANIZATION/NAME" and "signer SUBJECT", compared whole; # begins a comment.
-- The connection comes from the environment: THREATLOCKER_INSTANCE (or THREATLOCKER_BASE_URL), THREATLOCKER_API_KEY.
-- Exit code 1: something failed, or a permit was not verified.
local threatlocker = require "threatlocker"

-- The value; or one line about what is wrong, and the end.
local function check(value, message)
  if value then return value end
  io.stderr:write("approve_by_rule: ", message, "\n")
  os.exit(1, true)
end

local file, mode = ...
check(file and (not mode or mode == "--dry-run" or mode == "--yes"), "usage: approve_by_rule.lua RULES [--yes]")
local rules = {}
for line in check(io.open(file)):lines() do
  local rule = line:match "^%s*(.-)%s*$"
  check(rule == "" or rule:find "^#" or rule:find "^application .+/." or rule:find "^signer .", "not a rule: " .. rule)
  rules[rule] = true
end
local client <close> = check(threatlocker.client())

-- The application and the rule that allows it; or nil, why the request is left, and a code where something failed.
local function decide(request)
  if request.requestKind ~= "application" then return nil, "its kind is " .. request.requestKind end
  local matches, problem, code = client:matching_applications(request)
  if not matches then return nil, problem, code end
  if #matches ~= 1 then return nil, #matches .. " applications match" end
  local application, owner = matches[1], matches[1].organizationName or "master"
  if owner == "master" then return nil, "a built-in application matches" end
  local possible = { ("application %s/%s"):format(owner, application.name) }
  for _, cert in ipairs(request.threatLockerActionDto.certs or {}) do
    if cert.validCert == true then possible[#possible + 1] = "signer " .. (cert.subject or "") end
  end
  for _, rule in ipairs(possible) do if rules[rule] then return application, rule end end
  return nil, "no rule allows " .. table.concat(possible, " or ")
end

local queue, well = {}, true -- read whole before anything is sent: a list that breaks off raises here
for request in client:requests { status = "pending", children = true } do queue[#queue + 1] = request end
for _, request in ipairs(queue) do
  local application, why, code = decide(request)
  local word, outcome = "left to a person", nil
  if application then
    outcome, why, code = client:permit(request, { application = "matching", application_id = application.applicationId,
      scope = "computer", comments = "Rule: " .. why, dry_run = mode ~= "--yes" })
    word = outcome and outcome.outcome or "failed"
  end
  local words = outcome and (outcome.body_json or outcome.message or "by rule") or why
  print(threatlocker.clean_text(("%s  %s  %s: %s"):format(request.approvalRequestId, request.path, word, words)))
  well = well and not code and (not outcome or outcome.outcome == "preview" or outcome.verified)
end
os.exit(well, true)
