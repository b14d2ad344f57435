# Installed, so that a plugin out of tree is made as those in the tree are.

# fovea_add_plugin(ID SOURCES...): the plugin library <ID>.so in bin/plugins of the build folder.
function(fovea_add_plugin id)
  add_library(plugin_${id} MODULE ${ARGN})
  target_link_libraries(plugin_${id} PRIVATE Fovea::core)
  set_target_properties(plugin_${id} PROPERTIES PREFIX "" OUTPUT_NAME ${id}
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin/plugins)
  if(PROJECT_NAME STREQUAL "Fovea") # one of the tree
    target_link_libraries(plugin_${id} PRIVATE fovea_warnings)
    install(TARGETS plugin_${id} LIBRARY DESTINATION lib/fovea/plugins)
    add_dependencies(plugins plugin_${id})
  endif()
endfunction()
