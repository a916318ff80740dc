--- Permits of every kind the choice table knows. Each is sent in both forms of the body. The server refuses some of
--- them, as it should: what counts here is what was sent.
local helper = require "helper"

local hash = "24788d1b48b8519db032e6a484879c6eb13035270fc45764f1fd80ce9ac7fc00"
local dental, bakery = helper.dental, helper.bakery
local outlet = "0a000000-0000-4000-8000-000000000044"
local own, built_in, parents = helper.application_id(202), helper.application_id(101), helper.application_id(201)
local hash_rule = { hash = hash }
local path_rules = {
  { path = "C:\\Tools\\field*.exe", cert = "CN=Example \"Field\" GmbH, O=Ö" },
  { process = "C:\\Windows\\explorer.exe", created_by = "C:\\Windows\\System32\\msiexec.exe" },
  hash_rule,
}

--- Copies `choice`, adds the rest; nothing of one step may change another.
local function with(choice, more)
  local copy = {}
  for _, part in ipairs { choice, more or {} } do
    for name, value in pairs(part) do
      copy[name] = value
    end
  end
  return copy
end

local function permit(number, organization, about, choice)
  local id = helper.request_id(number)
  return {
    about = ("permit %d: %s"):format(number, about), id = id, organization = organization,
    held = "ApprovalRequest/ApprovalRequestGetPermitApplicationById",
    run = function(client, _, form)
      assert(client:permit({ approvalRequestId = id, organizationId = organization }, with(choice, { body = form })))
    end,
  }
end

local new = { application = "new", name = "Label printer", rules = { hash_rule } }
local matching = { application = "matching", application_id = own }
local existing = { application = "existing", application_id = own }
local elevated = { application = "new", name = "Till update", rules = { hash_rule } }
local steps = {}

local function add(...)
  steps[#steps + 1] = permit(...)
end

for _, scope in ipairs { "computer", "group", "organization" } do
  add(1003, bakery, "new, " .. scope, with(new, { scope = scope }))
  add(1001, dental, "matching, " .. scope, with(matching, { scope = scope }))
  add(1001, dental, "existing, " .. scope, with(existing, { scope = scope }))
end
add(1003, bakery, "new, all flags false", with(new, { scope = "computer", scope_encoding = "all_false" }))
add(1001, dental, "new, another group",
    with(new, { scope = "group", group_id = "0d000000-0000-4000-8000-000000000008" }))
for _, mode in ipairs { "manual", "installation", "learning", "monitor" } do
  add(1003, bakery, "new, " .. mode, with(new, { mode = mode }))
  add(1001, dental, "existing, " .. mode, with(existing, { mode = mode }))
end
add(1003, bakery, "new, every kind of rule", with(new, { rules = path_rules }))
add(1003, bakery, "new, learning without rules", { application = "new", name = "Label printer", mode = "learning" })
add(1003, bakery, "new, without anything", { application = "new", name = "Label printer", allow_empty = true })
add(1001, dental, "existing policy with rules", with(existing, { policy = "existing", rules = path_rules }))
add(1001, dental, "matching with its existing policy", with(matching, { policy = "existing" }))
add(1001, dental, "a built-in", { application = "matching", application_id = built_in, scope = "organization" })
add(1001, dental, "a built-in below its scope", { application = "matching", application_id = built_in,
                                                  allow_builtin = true })
add(1001, dental, "an application of the organization above", { application = "existing", application_id = parents,
                                                                rules = { hash_rule } })
add(1014, dental, "on a Mac", { application = "matching", application_id = helper.application_id(121),
                                scope = "organization" })
add(1014, dental, "on a Mac, group", with(new, { scope = "group" }))
add(1008, outlet, "beyond ASCII", with(new, { name = "Prüfprogramm 検査 \u{1F512}", comments = "geprüft \u{2028} ok" }))
add(1016, dental, "hostile texts, a large number", new)
add(1012, bakery, "escalated", { application = "matching", application_id = helper.application_id(301) })
add(1013, dental, "escalated by the customer", new)
add(1009, dental, "already actioned", with(new, { allow_actioned = true }))
add(1011, helper.msp, "of the home organization", new)

local notes = { ticket = "INC-1042", comments = "Signed by a \"known\" vendor.\n\\ok/",
                requestor_email = "p@example.com" }
local reply = { response_subject = "Done", response_reason = "Please try again.", notify = true }
for _, choice in ipairs { new, matching, existing } do
  add(choice == new and 1003 or 1001, choice == new and bakery or dental,
      choice.application .. " with notes, end, answer",
      with(with(choice, notes), with(reply, { expires = "2099-12-31T18:00:00.9Z" })))
end
add(1003, bakery, "with empty texts", with(new, { ticket = "", comments = "", requestor_email = "",
                                                  response_subject = "", response_reason = "", notify = false }))

local until_time = "2099-06-24T00:00:00Z"
for _, elevation in ipairs { { elevate = "no" }, { elevate = "standard_user" },
                             { elevate = "notify", elevate_hours = 8 },
                             { elevate = "silent", elevate_until = until_time },
                             { elevate = "notify", elevate_hours = 1, elevate_until = until_time } } do
  add(1005, bakery, "elevation " .. elevation.elevate, with(elevated, elevation))
end
add(1004, dental, "elevation of a match", { application = "matching", application_id = helper.application_id(203),
                                            elevate = "silent", elevate_hours = 24, expires = until_time })
return steps
