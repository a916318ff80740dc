--- `threatlocker review`: the queue, one request after the other, with a person.
local act = require "threatlocker.command.act"
local answers = require "threatlocker.command.answers"
local applications = require "threatlocker.command.applications"
local choice = require "threatlocker.command.choice"
local confirm = require "threatlocker.command.confirm"
local connect = require "threatlocker.command.connect"
local outcome = require "threatlocker.command.outcome"
local output = require "threatlocker.command.output"
local permit = require "threatlocker.subcommand.permit"
local requests = require "threatlocker.command.requests"
local style = require "threatlocker.command.style"
local text = require "threatlocker.command.text"

local review = { name = "review", summary = "walk the queue: permit, reject, ignore or skip", services = { "portal" } }

review.about = {
  "Shows the pending requests one by one, oldest first: the facts, the applications that match, and what you can do.",
  "Whatever you choose, its exact effect is shown before you confirm it. Needs a terminal.",
}

review.examples = {
  { "threatlocker review", "everything that waits" },
  { "threatlocker review --kind elevation --no-children", "only elevation requests of the organization itself" },
}

review.options = requests.options

--------------------------------------------------------------------------------------------------------------------
-- Questions

-- One of the words by its first letter; nil at the end of input. `words` are spelt "[p]ermit".
local function ask_word(question, words, default)
  local shown = {}
  for at, word in ipairs(words) do
    shown[at] = ("[%s]%s"):format(word:sub(1, 1), word:sub(2))
  end
  while true do
    local answer = confirm.ask(("%s %s%s:"):format(question, table.concat(shown, " "),
      default and " (" .. default .. ")" or ""))
    if not answer or answer == "" then
      return answer and default
    end
    for _, word in ipairs(words) do
      if answer:lower() == word or answer:lower() == word:sub(1, 1) then
        return word
      end
    end
  end
end

-- Text, or nil for none.
local function ask_text(question)
  local answer = confirm.ask(question .. ":")
  return answer ~= "" and answer or nil
end

-- Which application: a match by its number, or a new one. Fills values; false when nothing was chosen.
local function ask_application(values, matches)
  local question = "Name of the new application"
  if matches[1] then
    question = ("Which application? 1 to %d of those above, or the name of a new one"):format(#matches)
  end
  local answer = confirm.ask(question .. " (nothing = go back):")
  local number = answer and answer:find "^%d+$" and math.tointeger(tonumber(answer))
  if number and matches[number] then
    values.matching = matches[number].applicationId
  elseif number and matches[1] then
    confirm.write("There is no number ", number, ".\n")
    return ask_application(values, matches)
  elseif answer and answer ~= "" then
    values.new, values.hash = answer, { "this" }
  else
    return false
  end
  return true
end

local elevations <const> = { no = "no", yes = "notify", silently = "silent" }

-- Whether to elevate, and how long; not at all where one of the two gets no answer.
local function ask_elevation(values)
  values.elevate = elevations[ask_word("Elevate?", { "no", "yes", "silently" }, "no") or "no"]
  while values.elevate ~= "no" and not values.elevate_hours do
    local hours = confirm.ask "For how many hours:"
    if not hours then
      values.elevate = "no"
    elseif hours:find "^[1-9]%d?%d?$" then
      values.elevate_hours = math.tointeger(tonumber(hours))
    end
  end
end

local function ask_terms(values, row)
  if row.requestKind == "elevation" then
    ask_elevation(values)
  end
  values.scope = ask_word("Allow it on this", { "computer", "group", "organization" }, "computer")
  repeat
    values.expires = ask_text "Ends (8h, 30d, a UTC time; nothing = never)"
  until not values.expires or choice.time(values.expires)
  values.ticket = ask_text "Ticket (nothing = none)"
end

--------------------------------------------------------------------------------------------------------------------
-- One request

local match_columns <const> = {
  { name = "no", get = function(match) return tostring(match.number) end },
  { name = "application", get = function(match) return match.applicationId end },
  { name = "name", get = function(match) return match.name end, wraps = 16 },
  { name = "built-in", get = function(match) return applications.is_builtin(match) and "built-in" or "" end,
    style = style.doubtful },
}

local function show_matches(matches)
  if not matches[1] then
    output.write "No application matches this file.\n"
    return
  end
  for number, match in ipairs(matches) do
    match.number = number
  end
  output.write_list(match_columns, matches, {})
end

-- Shows the request; returns the applications that match it.
local function show(client, row)
  local details = row.requestKind ~= "storage" and client:permit_details(row) or nil
  output.write_facts(requests.facts(row, details))
  local matches, message = {}, nil
  if details then
    matches, message = client:matching_applications(details)
    output.write "\n"
  end
  if matches and details then
    show_matches(matches)
  elseif not matches then
    output.write("The applications that match could not be asked for: ", text.clean(message), "\n")
  end
  output.write "\n"
  io.stdout:flush()
  return matches or {}
end

-- How to permit as the person says; false when they go back.
local function ask_permit(client, row, matches)
  local values = {}
  if not ask_application(values, matches) then
    return false
  elseif row.requestKind == "storage" then
    values.hash = nil
  end
  ask_terms(values, row)
  return permit.how(values, client, row)
end

local function ask_answer(word)
  return answers.how(word, { reason = ask_text "Reason, for the record and the person (nothing = none)",
                             notify = confirm.is_wanted "Mail it to them?" })
end

-- Does what was chosen; says what came of it. Returns the outcome; false when nothing was sent.
local function act_on(client, row, word, matches)
  local how, message, code
  if word == "permit" then
    how, message, code = ask_permit(client, row, matches)
  else
    how = ask_answer(word)
  end
  local results = how
  if how then
    confirm.write "\n"
    results, message, code = act.on(client, { row }, {}, how)
  end
  if results then
    outcome.write(results, {})
  elseif results == nil then
    output.write(style.bad(text.clean(("Not sent: %s (%s)"):format(message, code or "failed"))), "\n")
  end
  io.stdout:flush()
  return results and results[1] or false
end

--------------------------------------------------------------------------------------------------------------------
-- The queue

-- What waits; warns where something may be missing.
local function collect(client, values)
  local rows = {}
  local found <close> = client:requests { search = values.search, children = not values.no_children }
  for row in found do
    if not values.kind or row.requestKind == values.kind then
      rows[#rows + 1] = { approvalRequestId = row.approvalRequestId, organizationId = row.organizationId }
    end
  end
  if not found:complete() then
    output.warn(requests.incomplete)
  end
  return rows
end

-- Reviews one, as it is now. Returns the outcome, or why there is none: "skip", "quit".
local function review_one(client, target)
  local row, message, code = client:request(target)
  if not row then
    output.write(style.bad(text.clean(("%s: %s (%s)"):format(target.approvalRequestId, message, code))), "\n")
    return nil, "skip"
  end
  local matches = show(client, row)
  if requests.status(row) ~= "pending" then
    output.write "It was answered in the meantime.\n"
    return nil, "skip"
  end
  while true do
    local word = ask_word("What now?", { "permit", "reject", "ignore", "skip", "quit" }) or "quit"
    if word == "skip" or word == "quit" then
      return nil, word
    end
    local result = act_on(client, row, word, matches)
    if result and result.outcome ~= "refused" then
      return result
    end
  end
end

local function walk(client, rows)
  local results = {}
  for at, row in ipairs(rows) do
    output.write(style.title(("Request %d of %d"):format(at, #rows)), "\n\n")
    local result, why = review_one(client, row)
    results[#results + 1] = result
    if why == "quit" then
      break
    end
    output.write "\n"
  end
  output.write(("%d answered, %d not.\n"):format(#results, #rows - #results))
  return results
end

function review.run(values)
  if not confirm.is_possible() then
    return nil, "nobody can be asked here: a review needs a terminal", "usage"
  end
  local client <close>, message, code = connect.client(values)
  if not client then
    return nil, message, code
  end
  local rows = collect(client, values)
  if not rows[1] then
    output.write "Nothing waits for an answer.\n"
    return 0
  end
  return outcome.exit_code_of_all(walk(client, rows))
end

return review
