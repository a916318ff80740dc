std = "lua54"
max_line_length = 120
exclude_files = { "build" }

-- Types only: LuaLS reads the empty functions, nobody calls them.
files["lua/threatlocker/types"] = { ignore = { "212", "241", "631" } }
-- The chain's methods come from C; run() is added to their table.
files["lua/threatlocker/init.lua"] = { ignore = { "122" } }
files["tests/lua"] = { std = "+busted" }
files["tests/contract/samples_spec.lua"] = { std = "+busted" }
files["tests/lua/module/memory_spec.lua"] = { read_globals = { "pcall_with_allocations", "pcall_with_shortage" } }
