--- `threatlocker completion SHELL`
local output = require "threatlocker.command.output"

local completion = { name = "completion", summary = "print completion for bash or zsh" }

completion.about = { "Prints what a shell needs to complete this command's subcommands, options and values." }

completion.operands = { { name = "SHELL", choices = { "bash", "zsh" }, help = "bash or zsh" } }

completion.examples = {
  { "eval \"$(threatlocker completion bash)\"", "in ~/.bashrc" },
  { "threatlocker completion zsh > ~/.zfunc/_threatlocker", "in a folder of fpath" },
}

function completion.run(values)
  -- Loaded late: it reads the table of subcommands, this one among them.
  local scripts = require "threatlocker.command.completion"
  output.write(scripts[values.shell]())
  return 0
end

return completion
