-- Works through the queue of one organization as fast as it can: lists, matches, permits, rejects, ignores. Whatever
-- fails is tried again, but a write only once its request was read back untouched.
--
--   lua5.4 soak_script.lua ORGANIZATION JOURNAL STOP
--
-- JOURNAL gets a line "<request> <permit|reject|ignore>" for each act that is known to be applied. It ends when the
-- file STOP is there and nothing is in doubt.
local threatlocker = require "threatlocker"
local organization, journal_path, stop_path = table.unpack(arg)
local timeout <const>, settle_time <const> = 2, 0.1

local client <close> = assert(threatlocker.client { timeout = timeout, settle_time = settle_time })
local journal <close> = assert(io.open(journal_path, "a"))
journal:setvbuf "line"

local function is_to_stop()
  local file = io.open(stop_path)
  return file and file:close()
end

local function note(row, act)
  journal:write(row.approvalRequestId, " ", act, "\n")
end

-- What a row's request is to become: told by its id, so that every try wants the same.
local function act_for(row)
  local digit = tonumber(row.approvalRequestId:sub(-1), 16)
  if row.requestKind ~= "application" or digit % 4 == 1 then return "reject" end
  return digit % 4 == 2 and "ignore" or "permit"
end

local function send(row, act)
  if act ~= "permit" then return client[act](client, row, { reason = "soak" }) end
  return client:permit(row, { application = "new", name = "Soak", scope = "computer",
                              rules = { { hash = row.threatLockerActionDto.hash } } })
end

-- True when it was done, false when it was not, nil when nobody can know yet.
local function read_back(row)
  local now = client:request(row)
  if not now then return nil end
  return now.statusId ~= 1
end

-- Waits until what was sent can no longer arrive, and reads then.
local function settle(row)
  threatlocker.sleep(timeout + settle_time)
  local done
  repeat done = read_back(row) until done ~= nil
  return done
end

-- One request, to its end.
local function work_on(row)
  local act = act_for(row)
  client:matching_applications(row)
  repeat
    local outcome, _, _, failure = send(row, act)
    local word = outcome and outcome.outcome or failure.applied == "unknown" and "unknown" or "failed"
    local done = word == "permitted" or word == "rejected" or word == "ignored"
    if not done and (word == "unknown" or word == "already_actioned") then done = settle(row) end
  until done
  note(row, act)
end

-- The next few of the queue. A list that a fault broke off raises.
local function some_of_the_queue()
  local rows = {}
  pcall(function()
    for row in client:requests { organization_id = organization, status = "pending", page_size = 20 } do
      rows[#rows + 1] = row
      if #rows == 20 then break end
    end
  end)
  return rows
end

-- The whole queue counted by walking it. Fails where a fault strikes.
local function walk_whole_queue()
  pcall(function()
    for _ in client:requests { organization_id = organization, status = "pending", page_size = 200 } do end -- luacheck: ignore
  end)
end

local rounds = 0
while not is_to_stop() do
  if rounds % 100 == 0 then walk_whole_queue() end
  rounds = rounds + 1
  for _, row in ipairs(some_of_the_queue()) do
    if is_to_stop() then break end
    work_on(row)
  end
end
