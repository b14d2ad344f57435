# What an installation holds: program, core, plugins, headers, the package that plugins out of tree find, licence and manual.
include(CMakePackageConfigHelpers)

install(TARGETS core fovea_options EXPORT FoveaTargets LIBRARY DESTINATION lib)
install(EXPORT FoveaTargets NAMESPACE Fovea:: DESTINATION lib/cmake/Fovea)
install(DIRECTORY core DESTINATION include/fovea FILES_MATCHING PATTERN "*.h")
install(FILES ${PROJECT_BINARY_DIR}/generated/core/abi.h DESTINATION include/fovea/core)
install(FILES cmake/FoveaFunctions.cmake DESTINATION lib/cmake/Fovea)
install(DIRECTORY resources/ DESTINATION share/fovea PATTERN desktop EXCLUDE)
install(FILES LICENSE docs/writing-a-plugin.md DESTINATION share/doc/fovea)
install(DIRECTORY docs/manual docs/sample-plugin DESTINATION share/doc/fovea)
if(FOVEA_GUI)
  set(desktop ${PROJECT_SOURCE_DIR}/resources/desktop/org.fovea.Fovea)
  install(FILES ${desktop}.desktop DESTINATION share/applications)
  install(FILES ${desktop}.metainfo.xml DESTINATION share/metainfo)
  install(FILES ${desktop}.svg DESTINATION share/icons/hicolor/scalable/apps)
  install(FILES ${desktop}.mime.xml DESTINATION share/mime/packages RENAME org.fovea.Fovea.xml)
endif()
configure_package_config_file(cmake/FoveaConfig.cmake.in ${PROJECT_BINARY_DIR}/FoveaConfig.cmake
  INSTALL_DESTINATION lib/cmake/Fovea)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/FoveaConfigVersion.cmake COMPATIBILITY ExactVersion)
install(FILES ${PROJECT_BINARY_DIR}/FoveaConfig.cmake ${PROJECT_BINARY_DIR}/FoveaConfigVersion.cmake
  DESTINATION lib/cmake/Fovea)
