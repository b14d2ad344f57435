# What makes a build of everything short. None of it changes what a source may use or how it behaves.

option(FOVEA_JOIN "Compile the sources of a folder eight at a time" OFF)
option(FOVEA_JOIN_TESTS "Compile and link the tests of a label eight at a time" OFF) # tests/joined_tests.cmake

# fovea_join_sources(TARGET): with FOVEA_JOIN the sources of each folder are compiled eight at a time, which halves the
# time: most of it is reading and instantiating the same headers. A source with compile options of its own stays alone.
# The test `joinable` refuses two helpers of one name in one folder.
function(fovea_join_sources target)
  if(NOT FOVEA_JOIN)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "\\.cpp$")
  list(SORT sources)
  set(last "")
  foreach(source IN LISTS sources)
    get_filename_component(folder ${source} DIRECTORY)
    if(NOT folder STREQUAL last)
      set(count 0)
      set(last ${folder})
    endif()
    math(EXPR batch "${count} / 8")
    math(EXPR count "${count} + 1")
    file(RELATIVE_PATH group ${CMAKE_CURRENT_SOURCE_DIR} ${folder})
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${group}_${batch}")
  endforeach()
  # A name may be another file's helper: where sources are compiled one by one, as in dev, -Wshadow still tells of more.
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP
    UNITY_BUILD_CODE_BEFORE_INCLUDE "#pragma GCC diagnostic ignored \"-Wshadow\"")
  # GCC takes what is included for a header, where helpers in members would be a mistake.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()

# fovea_precompile(TARGET): with FOVEA_JOIN what most sources read of Qt and the standard library is compiled once for
# the target. A source with compile options of its own has to do without (SKIP_PRECOMPILE_HEADERS).
function(fovea_precompile target)
  if(NOT FOVEA_JOIN)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.h)
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>) # ccache asks for it
endfunction()
