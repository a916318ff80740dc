--- `threatlocker list`: the queue.
local connect = require "threatlocker.command.connect"
local output = require "threatlocker.command.output"
local progress = require "threatlocker.command.progress"
local requests = require "threatlocker.command.requests"

local list = { name = "list", summary = "list approval requests", services = { "portal" } }

list.about = {
  "Lists the requests of one state, oldest first, those of child organizations included. The list may move while it",
  "is read: no request comes twice, and the exit code is 1 when it cannot be said that none is missing.",
}

list.examples = {
  { "threatlocker list", "all that wait for an answer" },
  { "threatlocker list --status rejected --columns request,time,computer,path --search setup.exe",
    "what was rejected of a file" },
  { "threatlocker list --json | jq -r 'select(.requestKind == \"elevation\") | .approvalRequestId'",
    "the ids of all elevation requests" },
}

list.options = {
  { name = "status", value = "STATUS", choices = requests.statuses, help = "default pending; one of "
    .. table.concat(requests.statuses, ", ") },
  requests.options[1], requests.options[2], requests.options[3],
  { name = "order-by", value = "WHAT", choices = requests.orders, help = "default datetime; one of "
    .. table.concat(requests.orders, ", ") },
  { name = "descending", help = "the other way round: newest first" },
  { name = "limit", value = "NUMBER", integer = 1, help = "end after so many" },
  { name = "concurrency", value = "NUMBER", integer = 1, most = 16, help = "pages in flight, up to 16; default 4" },
  output.list_options(requests.columns),
}

function list.check(values)
  return output.check_columns(requests.columns, values)
end

local function write_rows(found, columns, values)
  local writer = output.list(columns, values)
  local shown, watch <close> = 0, progress.new "requests"
  for row in found do
    watch:tick(found:totals().total_items)
    if not values.kind or row.requestKind == values.kind then
      writer:add(row)
      shown = shown + 1
    end
    if shown == values.limit then
      break
    end
  end
  watch:close()
  writer:finish()
  return shown == values.limit or found:complete()
end

function list.run(values)
  local columns = assert(output.choose(requests.columns, values.columns))
  local fields = output.fields(columns)
  table.insert(fields, "requestKind")
  local client <close>, message, code = connect.client(values, fields)
  if not client then
    return nil, message, code
  end
  local found <close> = client:requests {
    status = values.status, search = values.search, children = not values.no_children, order_by = values.order_by,
    ascending = not values.descending, concurrency = values.concurrency,
  }
  if not write_rows(found, columns, values) then
    return nil, requests.incomplete
  end
  return 0
end

return list
