--- `threatlocker prompt REQUEST`: the text of a sealed prompt.
local choice = require "threatlocker.command.choice"
local output = require "threatlocker.command.output"
local target = require "threatlocker.command.target"
local threatlocker = require "threatlocker"
local words = require "threatlocker.command.words"

local prompt = { name = "prompt", summary = "prepare a sealed prompt for Splunk SOAR", services = { "portal" } }

prompt.synopses = {
  "prompt --executor WHO [options] REQUEST",
  "prompt --executor WHO --choices FILE REQUEST",
}

prompt.about = {
  "Prints what to ask an approver in Splunk SOAR: the facts of a request and what a yes permits, sealed, so that this",
  "and nothing else is permitted when the answer comes. The text goes into the prompt as it is. Nothing is sent but",
  "reads; a choice that could not be permitted is refused now.",
}

prompt.operands = { target.operand }

prompt.examples = {
  { "threatlocker prompt 9f3c2a71 --executor chain:night-shift --new 'Field tool' --hash this --expires 8h",
    "for `threatlocker chain --name night-shift` to act on" },
  { "threatlocker prompt 9f3c2a71 --executor playbook --choices choices.json --json",
    "with several answers to pick from, and all that a playbook needs" },
}

prompt.options = {
  { name = "executor", value = "WHO", help = "who alone may act on the answer: playbook, or chain:NAME" },
  { name = "choices", value = "FILE", help = "1 to 4 choices instead of one, which the approver picks by label: a JSON "
    .. "list of {\"label\", \"choice\"}, a choice being as the API of this product has it" },
  { name = "json", help = "as JSON: {\"message\", \"choices\", …}" },
}
table.move(words.options, 1, #words.options, #prompt.options + 1, prompt.options)
table.move(choice.options, 1, #choice.options, #prompt.options + 1, prompt.options)

-- The first option of a choice that was given.
local function find_choice_option(values)
  for _, option in ipairs(choice.options) do
    if values[option.name:gsub("-", "_")] ~= nil then
      return "--" .. option.name
    end
  end
  return nil
end

function prompt.check(values)
  if not values.executor then
    return "--executor is missing"
  elseif not values.choices then
    return choice.check(values)
  end
  local other = find_choice_option(values)
  return other and ("--choices and %s exclude each other"):format(other) or nil
end

-- Labelled choices; nil, a message and a code.
local function read_choices(path)
  local file <close>, problem = io.open(path, "rb")
  if not file then
    return nil, problem, "config"
  end
  local content
  content, problem = file:read "a"
  if not content then
    return nil, ("%s: %s"):format(path, problem), "config"
  end
  local list, message = threatlocker.json_decode(content)
  if type(list) ~= "table" or #list == 0 then
    return nil, ("%s: %s"):format(path, message or "there is no list of choices in it"), "invalid"
  end
  return list
end

local function prepare(client, row, values)
  local options = { executor = values.executor, words = words.of(values) }
  local message, code
  if values.choices then
    options.choices, message, code = read_choices(values.choices)
  else
    options.choice, message, code = choice.of(values, client, row)
  end
  if message then
    return nil, message, code
  end
  return client:prepare_prompt(row, options)
end

function prompt.run(values)
  return target.with_request(values, function(client, row)
    local prepared, message, code = prepare(client, row, values)
    if not prepared then
      return nil, message, code
    elseif values.json then
      output.write_json(prepared)
    else
      output.write(prepared.message, "\n")
    end
    return 0
  end)
end

return prompt
