# With FOVEA_JOIN_TESTS up to eight tests of a label are one source and one executable: most of a test's build is reading
# the same headers and linking the same libraries. Each test stands in a namespace of its own name, its main() becomes
# run(), and a link of the test's name starts it, so that ctest runs every test in a process of its own as ever.

set(joined_links ${PROJECT_BINARY_DIR}/tests/joined)

# fovea_join_test(NAME LABEL SOURCE LIBRARIES...): notes a test for fovea_add_joined_tests. NAME can be built and depended
# on as elsewhere; what else it needs is told by fovea_link_test.
function(fovea_join_test name label source)
  file(REAL_PATH ${source} path)
  set_property(GLOBAL APPEND PROPERTY joined_${label} ${name})
  set_property(GLOBAL PROPERTY source_of_${name} ${path})
  set_property(GLOBAL PROPERTY libraries_of_${name} ${ARGN})
  add_custom_target(${name})
endfunction()

# The source that holds the tests: what they include first, outside of their namespaces and of any #ifdef.
function(fovea_write_joined_source path)
  set(headers "")
  set(bodies "")
  set(choices "")
  foreach(name IN LISTS ARGN)
    get_property(source GLOBAL PROPERTY source_of_${name})
    set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    file(STRINGS ${source} lines REGEX "^[ \t]*#[ \t]*include")
    foreach(line IN LISTS lines)
      string(REGEX MATCH "[<\"][^>\"]+[>\"]" header "${line}")
      if(NOT header)
        message(FATAL_ERROR "${source}: '${line}' cannot be lifted out of the test's namespace")
      elseif(NOT header MATCHES "[.]moc\"$")
        list(APPEND headers "#include ${header}")
      endif()
    endforeach()
    string(APPEND bodies "namespace ${name} {\n#include \"${source}\"\n}\n")
    string(APPEND choices "    if (name == \"${name}\")\n        return ${name}::run(argc, argv);\n")
  endforeach()
  list(REMOVE_DUPLICATES headers)
  list(JOIN headers "\n" headers)
  file(CONFIGURE OUTPUT ${path} @ONLY CONTENT "// Made by tests/joined_tests.cmake.
@headers@
#include <cstdio>
#include <string>

#define main run
@bodies@
#undef main

int main(int argc, char** argv)
{
    const std::string path = argv[0];
    const std::string name = path.substr(path.rfind('/') + 1);
@choices@
    std::fprintf(stderr, \"%s: no test of this name is in here; start one by its link\\n\", name.c_str());
    return 2;
}
")
endfunction()

# fovea_add_joined_tests(): the executables of all tests noted so far.
function(fovea_add_joined_tests)
  foreach(label IN LISTS labels_of_many)
    get_property(left GLOBAL PROPERTY joined_${label})
    set(count 0)
    while(left)
      list(SUBLIST left 0 8 names)
      list(REMOVE_ITEM left ${names})
      fovea_add_joined_test(joined_${label}_${count} ${label} ${names})
      math(EXPR count "${count} + 1")
    endwhile()
  endforeach()
endfunction()

function(fovea_add_joined_test joined label)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${joined}.cpp)
  fovea_write_joined_source(${source} ${ARGN})
  add_executable(${joined} ${source})
  fovea_set_up_test(${joined} ${label})
  # GCC takes what is included for a header, where helpers in members would be a mistake.
  target_compile_options(${joined} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  foreach(name IN LISTS ARGN)
    get_property(test_source GLOBAL PROPERTY source_of_${name})
    get_property(libraries GLOBAL PROPERTY libraries_of_${name})
    target_link_libraries(${joined} PRIVATE ${libraries})
    qt_generate_moc(${test_source} ${CMAKE_CURRENT_BINARY_DIR}/${name}.moc TARGET ${joined})
    target_sources(${joined} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${name}.moc)
    add_custom_command(OUTPUT ${joined_links}/${name} DEPENDS ${joined}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${joined_links}
      COMMAND ${CMAKE_COMMAND} -E create_symlink $<TARGET_FILE:${joined}> ${joined_links}/${name})
    list(APPEND links ${joined_links}/${name})
    add_dependencies(${name} ${joined}_links)
  endforeach()
  add_custom_target(${joined}_links ALL DEPENDS ${links})
endfunction()
