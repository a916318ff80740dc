--- `threatlocker file REQUEST`: the copy of the file that the user's computer uploaded.
local output = require "threatlocker.command.output"
local style = require "threatlocker.command.style"
local target = require "threatlocker.command.target"
local text = require "threatlocker.command.text"

local file = { name = "file", summary = "download a request's file", services = { "portal" } }

file.about = {
  "Tells whether there is a copy of a request's file, and with --output downloads it: whole or not at all, never over",
  "another file, readable by its owner only. It may be malware: nothing here opens it. A file with another SHA-256",
  "than the request tells is refused. The download may take 10 minutes, or as long as --timeout says.",
}

file.operands = { target.operand }

file.examples = {
  { "threatlocker file 9f3c2a71", "whether there is one" },
  { "threatlocker file 9f3c2a71 --output sample.bin --max-bytes 50000000", "fetch it, unless it is larger than 50 MB" },
}

file.options = {
  { name = "output", short = "o", value = "FILE", help = "download to this new file; a name is never taken from the "
    .. "server" },
  { name = "max-bytes", value = "NUMBER", integer = 1, help = "refuse larger ones; default 512 MiB" },
  { name = "json", help = "as JSON" },
}

function file.check(values)
  if values.output == "-" then
    return "--output must be a new file: what may be malware is not written to standard output"
  end
  return values.max_bytes and not values.output and "--max-bytes goes with --output" or nil
end

local function show_details(client, row, values)
  local details, message, code = client:file_details(row)
  if not details then
    return nil, message, code
  end
  details.fileUrl = nil -- whoever has it has the file
  if values.json then
    output.write_json(details)
    return 0
  end
  output.write_facts {
    { "Request", row.approvalRequestId }, { "File", text.given(row.path) },
    { "Name", text.given(details.filename) or "(none)" }, { "Copy", "there is one: --output FILE fetches it" },
  }
  return 0
end

local function download(client, row, values)
  local fetched, message, code = client:download_file(row, values.output, {
    max_bytes = values.max_bytes, timeout = values.timeout,
  })
  if not fetched then
    return nil, message, code
  elseif values.json then
    output.write_json(fetched)
    return 0
  end
  local checked = fetched.sha256_checked
  output.write_facts {
    { "Saved as", fetched.path }, { "Name", text.given(fetched.filename) }, { "Bytes", fetched.bytes },
    { "SHA-256", fetched.sha256 },
    { "Checked", checked and "it is the request's SHA-256" or "no: the request tells no SHA-256",
      checked and style.good or style.doubtful },
  }
  return 0
end

function file.run(values)
  return target.with_request(values, function(client, row)
    return (values.output and download or show_details)(client, row, values)
  end)
end

return file
