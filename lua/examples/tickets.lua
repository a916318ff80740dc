-- Tickets through events: follows the events of a chain and keeps one ticket for each request up to date.
--
--   threatlocker chain --name NAME --ledger LEDGER --events events.jsonl      (or the option `events` of a chain)
--   tail -n +1 -F events.jsonl | lua5.4 tickets.lua FOLDER
--
-- A chain repeats an event rather than losing it, always with the same id, so a ticket keeps the ids it has seen: what
-- comes again changes nothing, and this script may be started again at any time. Exit code 1: a ticket was not saved.
local threatlocker = require "threatlocker"

-- The value; or one line about what is wrong, and the end.
local function check(value, message)
  if value then return value end
  io.stderr:write("tickets: ", message, "\n")
  os.exit(1, true)
end

local folder = check(..., "usage: tickets.lua FOLDER <EVENTS")

-- The ticket system: one JSON file for each ticket. Put the calls of yours into these two functions.
local function load(key)
  local file <close> = io.open(folder .. "/" .. key .. ".json", "rb")
  return file and check(threatlocker.json_decode(file:read "a"))
end

-- The new file replaces the old one at once: whoever reads a ticket never sees half of it.
local function save(key, ticket)
  local path = folder .. "/" .. key .. ".json"
  local file = check(io.open(path .. ".new", "wb"))
  check(file:write(check(threatlocker.json_encode(ticket))))
  check(file:close())
  check(os.rename(path .. ".new", path))
end

local closing <const> = { permitted = "closed", rejected = "closed", ignored = "closed" }
local waiting <const> = { seen = "open", answered = "open", sending = "open" }

-- Adds an event to its ticket, unless it is there.
local function take(event)
  local key = event.request_id or ("prompt-%s"):format(event.approval_id)
  check(key:find "^[%w-]+$", "an event with a request id that is none")
  local ticket = load(key) or { key = key, events = threatlocker.array {} }
  for _, known in ipairs(ticket.events) do
    if known.event == event.event then return end
  end
  table.insert(ticket.events, event)
  ticket.state = event.state
  ticket.status = closing[event.state] or waiting[event.state] or "needs a person"
  save(key, ticket)
  print(threatlocker.clean_text(("%s  %s  %s"):format(key, ticket.status, event.state)))
end

io.stdout:setvbuf "line"
for line in io.lines() do
  local event = threatlocker.json_decode(line)
  if type(event) == "table" and event.event then take(event) end -- a line cut short is followed by the whole event
end
