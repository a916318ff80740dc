# The target `app`: what a SOAR administrator installs.
set(TL_APP_DIR ${PROJECT_SOURCE_DIR}/build/app CACHE PATH "Where the app's archives are put; the folder is replaced")
set(TL_MAKE_APP /usr/bin/python3 -B ${CMAKE_CURRENT_LIST_DIR}/make_app.py
  --source ${PROJECT_SOURCE_DIR} --version ${PROJECT_VERSION} --library $<TARGET_FILE:threatlocker_soar>
  --cjson-license ${TL_CJSON_DIR}/cjson/LICENSE)
add_custom_target(app COMMAND ${TL_MAKE_APP} --out ${TL_APP_DIR} DEPENDS threatlocker_soar VERBATIM)
