--- Options and operands of subcommands, from one table each: how they are parsed.
---
--- An option is { name = "max-scope", value = "SCOPE", help = "…" }, given as --max-scope SCOPE or --max-scope=SCOPE
--- and found under values.max_scope. Without `value` it is a flag. `short` is a letter that stands for it. With
--- `choices` (a list) other values are refused, with `integer` (the least one) all but integers are, with `number` all
--- but numbers above 0; none may exceed `most`, where it is there. A `value` that begins with FILE is a file's name;
--- other texts must be UTF-8. With `list` it may be given more than once, and its value is a list.
---
--- An operand is { name = "REQUEST", help = "…" }, found under values.request; with `optional` it may be absent, with
--- `list` (the last one only) there may be several, and the value is a list.
local nearest = require "threatlocker.command.nearest"

local options = {}

local function key(named)
  return (named.name:lower():gsub("-", "_"))
end

--- Whether an option's value is a file's name.
function options.is_file(named)
  return named.value ~= nil and named.value:find "^FILE" ~= nil
end

local function find(known, member, wanted)
  for _, option in ipairs(known) do
    if option[member] == wanted then
      return option
    end
  end
  return nil
end

local function is_among(choices, text)
  for _, choice in ipairs(choices) do
    if choice == text then
      return true
    end
  end
  return false
end

local function read_number(option, text)
  local number = text:find "^[%d.]+$" and tonumber(text)
  if not number or number <= 0 or number > (option.most or math.huge) then
    return nil, ("--%s must be a number above 0%s"):format(option.name,
      option.most and (", at most %d"):format(option.most) or "")
  end
  return number
end

local function read_integer(option, text)
  local number = text:find "^%-?%d+$" and math.tointeger(tonumber(text))
  if not number or number < option.integer or number > (option.most or math.huge) then
    return nil, ("--%s must be an integer from %d %s"):format(option.name, option.integer,
      option.most and "to " .. option.most or "on")
  end
  return number
end

--- The value that the text stands for, or nil and what is wrong.
local function read_value(option, text)
  if option.choices and not is_among(option.choices, text) then
    return nil, ("--%s must be one of: %s"):format(option.name, table.concat(option.choices, ", "))
  elseif option.integer then
    return read_integer(option, text)
  elseif option.number then
    return read_number(option, text)
  elseif text == "" then
    return nil, ("--%s is empty"):format(option.name)
  elseif not options.is_file(option) and not utf8.len(text) then
    return nil, ("--%s is not valid UTF-8"):format(option.name)
  end
  return text
end

local function store(values, option, value)
  local name = key(option)
  if option.list then
    values[name] = values[name] or {}
    table.insert(values[name], value)
  elseif option.value and values[name] ~= nil then
    return ("--%s is given twice"):format(option.name)
  else
    values[name] = value
  end
  return nil
end

local function refuse_unknown(known, word, name)
  local names = {}
  for at, option in ipairs(known) do
    names[at] = option.name
  end
  local near = nearest(name, names)
  return ("there is no option '%s'%s"):format(word, near and (" (did you mean --%s?)"):format(near) or "")
end

-- The option that a word names, its name as given, and the value that stands in the same word.
local function recognize(known, word)
  local name, inside = word:match "^%-%-([^=]+)=(.*)$"
  name = name or word:match "^%-%-(.+)$"
  if name then
    return find(known, "name", name), name, inside
  end
  return find(known, "short", word:sub(2)), word:sub(2)
end

--- Takes the option at `at`, and its value. Returns where the next word is, or nil and what is wrong.
local function take_option(values, known, arguments, at)
  local word = arguments[at]
  local option, name, inside = recognize(known, word)
  if not option then
    return nil, refuse_unknown(known, word, name)
  elseif not option.value then
    if inside then
      return nil, ("--%s takes no value"):format(name)
    end
    store(values, option, true)
    return at + 1
  end
  local text = inside or arguments[at + 1]
  if not text then
    return nil, ("--%s needs a value: %s"):format(option.name, option.value)
  end
  local value, wrong = read_value(option, text)
  if value == nil then
    return nil, wrong
  end
  wrong = store(values, option, value)
  return not wrong and at + (inside and 1 or 2) or nil, wrong
end

-- Gives the words that are no options to the operands. Returns what is wrong.
local function place_operands(values, operands, words)
  for at, operand in ipairs(operands) do
    if #words == 0 and not operand.optional then
      return operand.name .. " is missing"
    elseif operand.list then
      values[key(operand)], words = #words > 0 and words or nil, {}
    else
      values[key(operand)] = table.remove(words, 1)
    end
    local value = values[key(operand)]
    if value == "" then
      return operands[at].name .. " is empty"
    elseif value and operand.choices and not is_among(operand.choices, value) then
      return ("%s must be one of: %s"):format(operand.name, table.concat(operand.choices, ", "))
    end
  end
  return words[1] and ("'%s' is not expected here"):format(words[1])
end

local function asks_for_help(arguments, first)
  for at = first, #arguments do
    if arguments[at] == "--" then
      return false
    elseif arguments[at] == "--help" or arguments[at] == "-h" then
      return true
    end
  end
  return false
end

--- Reads arguments[first] and all after it. Returns the values, or nil and what is wrong; help goes before that. What
--- follows "--" is an operand whatever it looks like.
function options.parse(known, operands, arguments, first)
  local values, words, only_words = {}, {}, false
  if asks_for_help(arguments, first) then
    return { help = true }
  end
  local at = first
  while at <= #arguments do
    local word = arguments[at]
    if only_words or not word:find "^%-." then
      table.insert(words, word)
      at = at + 1
    elseif word == "--" then
      only_words, at = true, at + 1
    else
      local after, wrong = take_option(values, known, arguments, at)
      if not after then
        return nil, wrong
      end
      at = after
    end
  end
  local wrong = place_operands(values, operands, words)
  if wrong then
    return nil, wrong
  end
  return values
end

return options
