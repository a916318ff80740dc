--- What a permit is to do, from options: the choice of `permit` and `prompt`.
local threatlocker = require "threatlocker"

local choice = {}

local day_seconds <const> = 86400
local units <const> = { m = 60, h = 3600, d = day_seconds, w = 7 * day_seconds }
local this_file <const> = "this"

choice.options = {
  { name = "matching", value = "ID", help = "permit this application, which matches the file (see "
    .. "`threatlocker match`)" },
  { name = "existing", value = "ID", help = "add the file's rules to this application; for a storage request: add the "
    .. "device to this storage policy" },
  { name = "new", value = "NAME", help = "make a new application, or storage policy, of that name" },
  { name = "scope", value = "SCOPE", choices = { "computer", "group", "organization" },
    help = "where it will be allowed: computer (the default), group, organization" },
  { name = "group", value = "ID", help = "with --scope group: which one; default: the computer's own, though a "
    .. "storage request wants it named" },
  { name = "hash", value = "HASH", list = true, help = "a rule: files with this hash; 'this' is that of the "
    .. "request's file" },
  { name = "path", value = "PATTERN", help = "one more rule, of this and the next three: files at this path" },
  { name = "process", value = "PATTERN", help = "started by this process" },
  { name = "cert", value = "SUBJECT", help = "signed by this subject" },
  { name = "created-by", value = "PATTERN", help = "created by this process" },
  { name = "rules-only", help = "add the rules to the application, and make no policy" },
  { name = "mode", value = "MODE", choices = { "manual", "installation", "learning", "monitor" },
    help = "manual (the default), or an hour of installation, learning or monitor" },
  { name = "elevate", value = "HOW", choices = { "no", "notify", "silent", "standard_user" },
    help = "for elevation requests, which must say: no, notify, silent, standard_user" },
  { name = "elevate-hours", value = "HOURS", integer = 1, help = "elevate for so long; or --elevate-until" },
  { name = "elevate-until", value = "WHEN", help = "elevate until then; written as for --expires" },
  { name = "expires", value = "WHEN", help = "the permit ends: a UTC time, or 90m, 8h, 30d, 2w from now" },
  { name = "ticket", value = "TEXT", help = "the ticket's number, for the record" },
  { name = "comments", value = "TEXT", help = "for the record" },
  { name = "requestor-email", value = "ADDRESS", help = "where the answer goes, instead of the request's own" },
  { name = "subject", value = "TEXT", help = "of the answer to who asked" },
  { name = "reason", value = "TEXT", help = "the answer to who asked" },
  { name = "notify", help = "mail them that answer" },
  { name = "allow-builtin", help = "permit a built-in application below organization scope, too" },
  { name = "allow-empty", help = "make a new application without rules" },
}

--- Those of a storage request alone.
choice.storage_options = {
  { name = "all-devices", help = "a new storage policy: for every device" },
  { name = "all-paths", help = "a new storage policy: for every path" },
}

local applications <const> = { "matching", "existing", "new" }
local custom_rule <const> = { "path", "process", "cert", "created_by" }

--- What is wrong with the options, for a subcommand's check().
function choice.check(values)
  local count = 0
  for _, name in ipairs(applications) do
    count = count + (values[name] and 1 or 0)
  end
  if count ~= 1 then
    return "exactly one of --matching, --existing and --new says which application"
  elseif values.group and values.scope ~= "group" then
    return "--group goes with --scope group"
  end
  for option, when in pairs { expires = values.expires, ["elevate-until"] = values.elevate_until } do
    if not choice.time(when) then
      return ("--%s must be a UTC time such as 2027-01-31T18:00:00Z, or 90m, 8h, 30d, 2w from now"):format(option)
    end
  end
  return nil
end

--- The UTC time that "8h" from `now` is, or that the text is itself; nil for anything else.
function choice.time(when, now)
  local amount, unit = when:match "^(%d+)([mhdw])$"
  if amount and #amount <= 6 then
    return os.date("!%Y-%m-%dT%H:%M:%SZ", (now or os.time()) + math.tointeger(tonumber(amount)) * units[unit])
  end
  return when:find "^%d%d%d%d%-%d%d%-%d%dT%d%d:%d%d:%d%dZ$" and when or nil
end

-- The hash of the request's file, from the details; nil, a message and a code.
local function hash_of_file(client, row)
  local details, message, code = client:permit_details(row)
  if not details then
    return nil, message, code
  end
  local hash = details.fileDetails and details.fileDetails ~= threatlocker.null and details.fileDetails.hash
  if type(hash) ~= "string" or hash == "" then
    return nil, "--hash this: the request names no hash of its file", "invalid"
  end
  return hash
end

local function rules_of(values, client, row)
  local rules, custom = {}, {}
  for _, hash in ipairs(values.hash or {}) do
    local message, code
    if hash == this_file then
      hash, message, code = hash_of_file(client, row)
    end
    if not hash then
      return nil, message, code
    end
    rules[#rules + 1] = { hash = hash }
  end
  for _, name in ipairs(custom_rule) do
    custom[name] = values[name]
  end
  rules[#rules + 1] = next(custom) and custom or nil
  return rules
end

-- What a permit of any kind takes.
local function terms_of(values)
  return {
    scope = values.scope, group_id = values.group, ticket = values.ticket, comments = values.comments,
    response_subject = values.subject, response_reason = values.reason, notify = values.notify,
    expires = values.expires and choice.time(values.expires), name = values.new,
    requestor_email = values.requestor_email,
    allow_actioned = values.allow_actioned,
  }
end

-- The options that were given of those that the request's kind does not know.
local function find_foreign(values, names)
  for _, name in ipairs(names) do
    if values[name] then
      return "--" .. name:gsub("_", "-")
    end
  end
  return nil
end

--- Of a storage request.
function choice.of_storage(values)
  local foreign = find_foreign(values, { "matching", "hash", "path", "process", "cert", "created_by", "rules_only",
                                         "mode", "elevate", "elevate_hours", "elevate_until", "allow_builtin",
                                         "allow_empty" })
  if foreign then
    return nil, foreign .. " is not for storage requests", "usage"
  end
  local made = terms_of(values)
  made.policy, made.policy_id = values.new and "new" or "existing", values.existing
  made.all_devices, made.all_paths = values.all_devices, values.all_paths
  return made
end

--- The choice for that request; nil, a message and a code. Asks the client only for what the options leave to it.
function choice.of(values, client, row)
  local foreign = find_foreign(values, { "all_devices", "all_paths" })
  if foreign then
    return nil, foreign .. " is for storage requests", "usage"
  end
  local rules, message, code = rules_of(values, client, row)
  if not rules then
    return nil, message, code
  end
  local made = terms_of(values)
  made.application = values.new and "new" or values.existing and "existing" or "matching"
  made.application_id = values.matching or values.existing
  made.policy = values.rules_only and "existing" or nil
  made.rules = rules[1] and rules or nil
  made.elevate_until = values.elevate_until and choice.time(values.elevate_until)
  for _, name in ipairs { "mode", "elevate", "elevate_hours", "allow_builtin", "allow_empty" } do
    made[name] = values[name]
  end
  return made
end

return choice
