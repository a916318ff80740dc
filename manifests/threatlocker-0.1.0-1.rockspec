-- The module and the command for LuaRocks, from a checkout or from what ./dev release makes:
--
--   luarocks --lua-version 5.4 make manifests/threatlocker-*.rockspec
--   luarocks --lua-version 5.4 build threatlocker-*.src.rock
--
-- It needs a C compiler, CMake, pkg-config, and the headers of libcurl, cJSON, SQLite and Lua.
local project = "0.1.0" -- its version; LuaRocks may read this with an older Lua
rockspec_format = "3.0"
package = "threatlocker"
version = project .. "-1" -- and that of this file
source = {
  url = "file://threatlocker-" .. project .. "-source.tar.gz", -- lies in the .src.rock
  dir = "threatlocker-" .. project,
}
description = {
  summary = "ThreatLocker approvals for C, Lua and Splunk SOAR (unofficial)",
  detailed = "Lists pending approval requests, asks a person through a sealed Splunk SOAR prompt, and permits, rejects "
    .. "or ignores each request once, verified. Not made or endorsed by ThreatLocker or Splunk.",
  license = "MIT",
  labels = { "threatlocker", "splunk", "soar", "security" },
}
supported_platforms = { "linux" }
dependencies = {
  "lua >= 5.4, < 5.5",
}
external_dependencies = {
  CURL = { library = "curl" },
  CJSON = { library = "cjson" },
  SQLITE = { library = "sqlite3" },
}
-- Not the build type "cmake": that would build and install the C library, too.
build = {
  type = "command",
  build_command = "$(CMAKE) -S . -B build/luarocks -DCMAKE_BUILD_TYPE=Release -DTL_TESTS=OFF "
    .. "-DLUA_INCDIR=$(LUA_INCDIR) -DLUADIR=$(LUADIR) -DLIBDIR=$(LIBDIR) -DBINDIR=$(BINDIR) "
    .. "&& $(CMAKE) --build build/luarocks --parallel --target tl_lua",
  install_command = "$(CMAKE) --install build/luarocks --component lua",
}
