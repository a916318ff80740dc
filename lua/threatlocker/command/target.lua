--- Requests as people name them: by id, or by the beginning of one, as git names commits.
local connect = require "threatlocker.command.connect"
local incomplete <const> = require "threatlocker.command.requests".incomplete
local text = require "threatlocker.command.text"

local target = {}

local shortest <const> = 8
local candidates_shown <const> = 5

target.operand = { name = "REQUEST", help = "a request's id, or the beginning of an open one's: at least 8 characters "
  .. "that no other has" }
target.operands = { name = "REQUEST", list = true, help = target.operand.help }

-- Requests that somebody can still act on.
local open_states <const> = { "pending", "escalated", "escalated_by_customer" }

local function is_guid(name)
  return name:find("^" .. text.guid .. "$") ~= nil
end

local function could_begin(name)
  return #name >= shortest and name:find "^[%x-]+$" ~= nil
end

-- All open requests whose ids begin so, or some where that are more than are shown; and whether none can be missing.
-- Fails as lists do.
local function find_open(client, beginning)
  local found, seen, wanted, whole = {}, {}, beginning:lower(), true
  for _, state in ipairs(open_states) do
    local requests <close> = client:requests { status = state, children = true }
    for row in requests do
      local id = row.approvalRequestId:lower()
      if id:sub(1, #wanted) == wanted and not seen[id] then -- its state may change while we look
        seen[id] = true
        table.insert(found, row)
      end
      if #found > candidates_shown then
        return found, true
      end
    end
    whole = whole and requests:complete()
  end
  return found, whole
end

local function refuse_several(name, found)
  local lines = { ("several open requests begin with '%s':"):format(name) }
  for at = 1, math.min(#found, candidates_shown) do
    lines[#lines + 1] = "  " .. found[at].approvalRequestId
  end
  lines[#lines + 1] = #found > candidates_shown and "  and more" or nil
  return nil, table.concat(lines, "\n"), "usage"
end

local function find_one(client, name)
  local good, found, whole = pcall(find_open, client, name)
  if not good and type(found) == "string" then
    error(found, 0) -- Lua's own, Ctrl-C among it
  elseif not good then
    return nil, found.message, found.code
  elseif #found > 1 then
    return refuse_several(name, found)
  elseif not whole and not (found[1] and is_guid(name)) then
    return nil, incomplete .. "; try again"
  elseif not found[1] then
    return nil, ("no open request begins with '%s'; closed ones need their whole id"):format(name), "not_found"
  end
  return client:request(found[1])
end

--- The request's row, or nil, a message and a code. One of another organization than the client's is looked for among
--- the open ones: their rows tell whose they are.
function target.resolve(client, name)
  if not is_guid(name) then
    if not could_begin(name) then
      return nil, ("'%s' is no request id, nor the beginning of one (at least %d characters)"):format(name, shortest),
        "usage"
    end
    return find_one(client, name)
  end
  local row, message, code = client:request(name)
  if row or code ~= "not_found" and code ~= "forbidden" then
    return row, message, code
  end
  local found, problem, problem_code = find_one(client, name)
  if found or problem_code ~= "not_found" then
    return found, problem, problem_code
  end
  return nil, ("there is no request %s here, nor an open one in a child organization; for a closed one give "
    .. "--organization"):format(name), code
end

--- The rows of several names; the first that cannot be found fails all.
function target.resolve_all(client, names)
  local rows = {}
  for at, name in ipairs(names) do
    local row, message, code = target.resolve(client, name)
    if not row then
      return nil, message, code
    end
    rows[at] = row
  end
  return rows
end

--- What act(client, row) returns for the request that the values name, with a client of the portal.
function target.with_request(values, act)
  return connect.with_client(values, function(client)
    local row, message, code = target.resolve(client, values.request)
    if not row then
      return nil, message, code
    end
    return act(client, row)
  end)
end

return target
