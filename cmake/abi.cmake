# Writes core/abi.h: one string that differs whenever a plugin built before would not fit any more.
# cmake -DHEADERS=... -DCOMPILER=... -DOPTIONS=... -DOUT=... -P abi.cmake
cmake_minimum_required(VERSION 3.25)
set(all "${COMPILER} ${OPTIONS}")
foreach(header IN LISTS HEADERS)
  file(SHA256 ${header} hash)
  string(APPEND all " ${hash}")
endforeach()
string(SHA256 abi "${all}")
string(SUBSTRING ${abi} 0 16 abi)
file(CONFIGURE OUTPUT ${OUT} @ONLY CONTENT
"// Made by cmake/abi.cmake: public headers, compiler, sanitizer and x86-64 level of this build.
#pragma once
#define FOVEA_ABI \"fovea @abi@ @COMPILER@ @OPTIONS@\"
")
