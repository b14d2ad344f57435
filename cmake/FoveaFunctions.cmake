# Installed, so that a plugin out of tree is made as those in the tree are.

# fovea_add_plugin(ID SOURCES...): the plugin library <ID>.so in bin/plugins of the build folder. In the tree all of
# SOURCES but plugin.cpp, the entry, are compiled once for it and for its tests, as <ID>_objects.
function(fovea_add_plugin id)
  set(sources ${ARGN})
  if(PROJECT_NAME STREQUAL "Fovea") # one of the tree
    list(FILTER sources EXCLUDE REGEX "(^|/)plugin[.]cpp$")
    list(TRANSFORM sources PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ REGEX "^[^/]")
    add_library(${id}_objects OBJECT ${sources})
    target_link_libraries(${id}_objects PRIVATE Fovea::core fovea_warnings)
    fovea_join_sources(${id}_objects)
    set(sources plugin.cpp $<TARGET_OBJECTS:${id}_objects>)
  endif()
  add_library(plugin_${id} MODULE ${sources})
  target_link_libraries(plugin_${id} PRIVATE Fovea::core)
  set_target_properties(plugin_${id} PROPERTIES PREFIX "" OUTPUT_NAME ${id}
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin/plugins)
  if(PROJECT_NAME STREQUAL "Fovea")
    target_link_libraries(plugin_${id} PRIVATE fovea_warnings)
    install(TARGETS plugin_${id} LIBRARY DESTINATION lib/fovea/plugins)
    add_dependencies(plugins plugin_${id})
  endif()
endfunction()
