# The portable plugin: what replaces the system's cJSON and libcurl, and how everything is compiled and linked, so
# that one file loads on every x86_64 Linux with glibc 2.28 and any libcurl.so.4 from 7.61.1.
# tests/plugin/package/check_plugin_so.sh checks the outcome.

set(TL_CJSON_DIR ${PROJECT_SOURCE_DIR}/build CACHE PATH "Holds cjson/cJSON.c; fetched from Debian where it is missing")
execute_process(COMMAND sh ${CMAKE_CURRENT_LIST_DIR}/package/fetch_cjson.sh ${TL_CJSON_DIR} COMMAND_ERROR_IS_FATAL ANY)

# --- how it is compiled and linked ---

set(CMAKE_SKIP_RPATH ON)
# Paths of the building machine stay out, and the same source gives the same bytes anywhere.
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${TL_CJSON_DIR}=.)
add_compile_options(-fstack-clash-protection -fcf-protection)
add_compile_definitions($<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
# noexecstack: asked for even where it is the default today. Stripped: the symbols of cJSON and the core are nobody's
# business, and a debugger gets them from an unstripped build of the same source.
add_link_options(
  -Wl,-z,relro,-z,now,-z,noexecstack,-z,defs -Wl,--as-needed -Wl,--exclude-libs,ALL -Wl,--strip-all)

# --- cJSON, compiled in ---

add_library(tl_cjson STATIC ${TL_CJSON_DIR}/cjson/cJSON.c)
target_compile_definitions(tl_cjson PRIVATE ENABLE_LOCALES) # as Debian's library is built
add_library(PkgConfig::CJSON INTERFACE IMPORTED GLOBAL)
target_include_directories(PkgConfig::CJSON BEFORE INTERFACE ${TL_CJSON_DIR})
target_link_libraries(PkgConfig::CJSON INTERFACE tl_cjson)

# --- libcurl, the host's ---

# Linked against is not Debian's libcurl, whose symbols have versions that others lack, but a library of empty
# functions with the names that libcurl 7.61 has: a newer one does not link. The headers are Debian's.
pkg_check_modules(CURL_HEADERS REQUIRED libcurl)
set(names ${PROJECT_SOURCE_DIR}/manifests/libcurl-7.61.symbols)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${names})
file(READ ${names} stubs)
string(REGEX REPLACE "([^\n]+)\n" "void \\1(void);\nvoid \\1(void) { abort(); }\n" stubs "${stubs}")
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/libcurl_stub.c CONTENT "#include <stdlib.h>\n${stubs}" @ONLY)

add_library(tl_curl_stub SHARED ${PROJECT_BINARY_DIR}/libcurl_stub.c)
target_compile_options(tl_curl_stub PRIVATE -fno-builtin -fvisibility=default)
set_target_properties(tl_curl_stub PROPERTIES OUTPUT_NAME curl SOVERSION 4
  LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/libcurl_stub)
add_library(PkgConfig::CURL INTERFACE IMPORTED GLOBAL)
target_include_directories(PkgConfig::CURL INTERFACE ${CURL_HEADERS_INCLUDE_DIRS})
target_link_libraries(PkgConfig::CURL INTERFACE tl_curl_stub)
