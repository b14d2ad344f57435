# One function per kind of target. Also installed: a plugin out of tree uses fovea_add_plugin.

# fovea_add_plugin(ID SOURCES...): the plugin library <ID>.so beside the program.
function(fovea_add_plugin id)
  add_library(plugin_${id} MODULE ${ARGN})
  target_link_libraries(plugin_${id} PRIVATE Fovea::core)
  set_target_properties(plugin_${id} PROPERTIES PREFIX "" OUTPUT_NAME ${id} CXX_STANDARD 20
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON AUTOMOC OFF
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin/plugins)
  if(TARGET fovea_warnings)
    target_link_libraries(plugin_${id} PRIVATE fovea_warnings)
    install(TARGETS plugin_${id} LIBRARY DESTINATION lib/fovea/plugins)
  endif()
endfunction()

# fovea_add_test(NAME LABEL SOURCES LIBRARIES): a Qt Test executable, offscreen, any unexpected warning fails.
function(fovea_add_test name label source)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE core fovea_warnings test_support Qt6::Test ${ARGN})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT 300
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_FATAL_WARNINGS=0;FOVEA_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
endfunction()
