--- What a permit would cover at each scope. Whether it may is the core's answer to a dry run: nothing is sent, and
--- nothing is guessed here.
local style = require "threatlocker.command.style"
local text = require "threatlocker.command.text"

local scopes = {}

local given = text.given

-- A new application stands for all but the built-in ones: no other limits hold for those. An elevation request must be
-- told what it elevates.
local function new_application(row, details)
  local is_elevation = row.requestKind == "elevation" or details.isElevationRequest == true
  return { application = "new", name = "preview", allow_empty = true, elevate = is_elevation and "no" or nil }
end

local function builtin_application(row, details, matches)
  for _, match in ipairs(matches) do
    if match.built_in then
      local choice = new_application(row, details)
      choice.application, choice.application_id, choice.name = "matching", match.application.applicationId, nil
      return choice
    end
  end
  return nil
end

-- The core's verdict; nil, a message and a code where the portal could not be asked.
local function try(client, row, choice, scope)
  choice.scope, choice.dry_run = scope, true
  local outcome, message, code = client:permit(row, choice)
  if not outcome then
    return nil, message, code
  elseif outcome.outcome == "preview" then
    return { allowed = true }
  end
  return { allowed = false, message = outcome.message, code = outcome.code }
end

-- The requester's own group; its id where no such group is listed.
local function group_name(client, row, details)
  local id = given(details.computerGroupId)
  local groups = id and client:computer_groups { organization_id = row.organizationId, os = "all" }
  for _, group in ipairs(groups or {}) do
    if group.computerGroupId:lower() == tostring(id):lower() then
      return given(group.name) or id
    end
  end
  return id
end

--- A list of { scope, covers = the name of what it reaches, own = { allowed, message, code }, built_in = the same for
--- the built-in applications that match, if any do }; nil, a message and a code where the portal could not be asked.
--- `matches` are { application, built_in }.
function scopes.of(client, row, details, matches)
  local own, builtin = new_application(row, details), builtin_application(row, details, matches)
  local list = {
    { scope = "computer", covers = given(row.hostname) },
    { scope = "group", covers = group_name(client, row, details) },
    { scope = "organization", covers = given(row.organizationName) },
  }
  for _, each in ipairs(list) do
    local message, code
    each.own, message, code = try(client, row, own, each.scope)
    if each.own and builtin then
      each.built_in, message, code = try(client, row, builtin, each.scope)
    end
    if message then
      return nil, message, code
    end
  end
  return list
end

--- Why no permit at all would be sent, where it is the same at every scope.
function scopes.refusal(list)
  for _, each in ipairs(list) do
    if each.own.allowed or each.own.message ~= list[1].own.message then
      return nil
    end
  end
  return list[1].own.message
end

local function describe(verdict)
  return verdict.allowed and "yes" or "no: " .. verdict.message
end

local function mark(line)
  return line:find "^yes$" and style.good(line) or style.doubtful(line)
end

--- The columns of a table of them.
function scopes.columns(list)
  return {
    { name = "scope", fields = { "scope" } },
    { name = "covers", fields = { "covers" }, wraps = 12 },
    { name = "own or new", wraps = 20, style = mark, get = function(each) return describe(each.own) end },
    list[1].built_in and { name = "built-in", wraps = 20, style = mark,
                           get = function(each) return describe(each.built_in) end } or nil,
  }
end

return scopes
