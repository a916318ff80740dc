--- `threatlocker prompts`: what waits for an answer in Splunk SOAR.
local connect = require "threatlocker.command.connect"
local output = require "threatlocker.command.output"
local progress = require "threatlocker.command.progress"
local text = require "threatlocker.command.text"
local view = require "threatlocker.command.prompts"

local prompts = { name = "prompts", summary = "list Splunk SOAR's prompts, or show one", services = { "soar" } }

prompts.synopses = { "prompts [options]", "prompts ID [--json]" }

prompts.about = {
  "Lists the prompts and manual tasks that wait for an answer in Splunk SOAR, oldest first; or shows one with its",
  "text, the answer, and how the answer reads by the default words. Kind, playbook, container and message cost a call",
  "for each prompt; --json, and --columns without them, cost one for all.",
}

prompts.operands = { { name = "ID", optional = true, help = "a prompt's number: show this one" } }

prompts.examples = {
  { "threatlocker prompts", "what waits for an answer" },
  { "threatlocker prompts --all --columns prompt,status,closed,name", "every prompt ever, quickly" },
  { "threatlocker prompts 1042", "what one asks, and what was answered" },
}

prompts.options = {
  { name = "status", value = "STATUS", help = "as SOAR says it: pending (the default), approved, denied, expired, …" },
  { name = "all", help = "of every status" },
  output.list_options(view.columns),
}

function prompts.check(values)
  if values.id and not (values.id:find "^%d+$" and (math.tointeger(tonumber(values.id)) or 0) > 0) then
    return "ID must be a prompt's number"
  elseif values.id and (values.status or values.all or values.columns) then
    return "--status, --all and --columns go with a list, not with one prompt"
  elseif values.status and values.all then
    return "--status and --all exclude each other"
  end
  return output.check_columns(view.columns, values)
end

--------------------------------------------------------------------------------------------------------------------
-- One

-- Line by line, each wrapped below its own beginning.
local function write_message(message)
  output.write "\n"
  local width = text.width()
  for line in (message .. "\n"):gmatch "(.-)\r?\n" do
    local indent, clean = line:match "^ *", text.clean(line)
    indent = width and indent:sub(1, width // 2) or indent
    for _, part in ipairs(width and text.wrap(clean, width - #indent) or { clean }) do
      output.write(indent, part, "\n")
    end
  end
end

-- { approval, summary, message, response_types, answer }; nil, a message and a code. The app run and the summary's
-- targets stay out: they may hold a link by which anybody can answer.
local function read_one(soar, id)
  local answer, message, code = soar:prompt_answer(id)
  if not answer then
    return nil, message, code
  end
  local summary
  summary, message, code = soar:approval_summary(id)
  if not summary then
    return nil, message, code
  end
  local prompt = { approval = answer.approval, summary = summary, answer = answer }
  prompt.message, prompt.response_types = view.question(summary)
  answer.approval, answer.app_run, summary.notification_targets = nil, nil, nil
  return prompt
end

local function show_one(soar, values)
  local prompt, message, code = read_one(soar, math.tointeger(tonumber(values.id)))
  if not prompt then
    return nil, message, code
  elseif values.json then
    output.write_json(prompt)
    return 0
  end
  output.write_facts(view.facts(prompt))
  if prompt.message then
    write_message(prompt.message)
  end
  return 0
end

--------------------------------------------------------------------------------------------------------------------
-- Many

local function needs_summaries(chosen)
  for _, column in ipairs(chosen) do
    if column.summary then
      return true
    end
  end
  return false
end

local function write_list(soar, records, values)
  local chosen = assert(output.choose(view.columns, values.columns))
  local with_summaries = not values.json and needs_summaries(chosen)
  local writer, watch <close> = output.list(chosen, values), progress.new "prompts"
  for _, record in ipairs(records) do
    watch:tick(#records)
    if with_summaries then
      local summary, message, code = soar:approval_summary(record.id)
      if not summary and code ~= "not_found" then -- one may be gone by now
        return nil, message, code
      end
      record.summary = summary or {}
    end
    writer:add(record)
  end
  watch:close()
  writer:finish()
  return 0
end

function prompts.run(values)
  return connect.with_soar(values, function(soar)
    if values.id then
      return show_one(soar, values)
    end
    local records, message, code = soar:approvals {
      type = "manual", status = not values.all and (values.status or "pending") or nil,
    }
    if not records then
      return nil, message, code
    end
    return write_list(soar, records, values)
  end)
end

return prompts
