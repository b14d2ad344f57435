# Every plugin folder says where it comes from: a README.md.
cmake_minimum_required(VERSION 3.25)
file(GLOB lists ${ROOT}/plugins/*/CMakeLists.txt)
foreach(list IN LISTS lists)
  get_filename_component(folder ${list} DIRECTORY)
  if(NOT EXISTS ${folder}/README.md)
    message(SEND_ERROR "${folder}: README.md is missing")
  endif()
endforeach()
