-- Turns the JSON on standard input into Lua tables, for the count of instructions.
local threatlocker = require "threatlocker"

assert(#assert(threatlocker.json_decode(io.read "a")) == 100)
