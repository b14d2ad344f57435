# Compiler settings that every target shares: language, warnings, sanitizers, x86-64 level.
# Usage requirement target: fovea_options.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/lib)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../lib;$ORIGIN/../..")

# One cache for all build folders: what core-only compiled, release finds again. Sloppiness: precompiled headers.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
    CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

# What moc and rcc write into the build folder is not ours to mend: there clang-tidy has one check, which finds nothing.
if(CMAKE_CXX_CLANG_TIDY)
  file(WRITE ${PROJECT_BINARY_DIR}/.clang-tidy "Checks: '-*,llvm-twine-local'\n")
endif()

option(FOVEA_WERROR "Treat warnings as errors" OFF)
option(FOVEA_ASAN "Address and undefined-behaviour sanitizers" OFF)
set(FOVEA_LEVEL "" CACHE STRING "x86-64 level: v2, v3, v4; empty: the builder's own")

# The builder's level, as the dynamic loader sees it.
if(NOT FOVEA_LEVEL AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set(FOVEA_OWN_LEVEL v2)
  execute_process(COMMAND /lib64/ld-linux-x86-64.so.2 --help OUTPUT_VARIABLE loader_help ERROR_QUIET)
  foreach(level v3 v4)
    if(loader_help MATCHES "x86-64-${level} \\(supported")
      set(FOVEA_OWN_LEVEL ${level})
    endif()
  endforeach()
  set(FOVEA_LEVEL ${FOVEA_OWN_LEVEL} CACHE STRING "" FORCE)
endif()

add_library(fovea_options INTERFACE)
target_compile_features(fovea_options INTERFACE cxx_std_20)
if(FOVEA_LEVEL)
  target_compile_options(fovea_options INTERFACE -march=x86-64-${FOVEA_LEVEL})
  if(FOVEA_LEVEL STREQUAL v4)
    # GCC and clang prefer 256-bit vectors by default
    target_compile_options(fovea_options INTERFACE -mprefer-vector-width=512)
  endif()
endif()
if(FOVEA_FUZZ) # clang; libFuzzer's own main is linked by tests/fuzz
  set(FOVEA_ASAN ON)
  target_compile_options(fovea_options INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(fovea_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
# What is tested is watched; the sources of the tests themselves (the property FOVEA_PLAIN) are not, which halves the
# time that they take to compile. In a test that links static archives (all but those of the views, which are shared)
# an inline function or a template that both use is not watched either: the linker takes the test object's plain copy.
# Some checks of undefined behaviour are made by the preset fuzz alone, of the readers: they are half of what the
# sanitizers cost the compiler. Most of what they find ends at the address sanitizer too, but for misaligned loads and
# casts to a wrong class.
if(FOVEA_ASAN)
  set(unchecked "")
  if(NOT FOVEA_FUZZ)
    set(unchecked -fno-sanitize=null,alignment,object-size,pointer-overflow,vptr)
  endif()
  set(plain $<BOOL:$<TARGET_PROPERTY:FOVEA_PLAIN>>)
  target_compile_options(fovea_options INTERFACE
    $<$<NOT:${plain}>:-fsanitize=address,undefined$<SEMICOLON>-fno-sanitize-recover=undefined$<SEMICOLON>${unchecked}> $<${plain}:-O0$<SEMICOLON>-g0>
    -fno-omit-frame-pointer)
  target_link_options(fovea_options INTERFACE -fsanitize=address,undefined)
endif()

# Warnings are for our own code only. Without -Wno-restrict GCC 12 at -O3 sees overlaps in sums of strings that are not
# there (its bug 105651).
add_library(fovea_warnings INTERFACE)
target_compile_options(fovea_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
  -Woverloaded-virtual $<$<BOOL:${FOVEA_WERROR}>:-Werror>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>,$<CONFIG:Release>>:-Wno-restrict>)
