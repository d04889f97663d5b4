# One library per folder. A library sees its own folder and the folders of the libraries it names, and no others:
# includes are written "core/incident.hpp", and each library gets a directory of links that holds only what it may use.
function(house_library name folder)
  cmake_parse_arguments(ARG "" "" "USES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  add_library(${name} STATIC ${sources})
  house_rights(${name} ${folder})
  target_link_libraries(${name} PUBLIC ${ARG_USES} PRIVATE house_flags)
endfunction()

# What runs once, or now and then, takes little memory rather than little time: all of the library's files but those named.
function(house_small target)
  cmake_parse_arguments(ARG "" "" "BUT" ${ARGN})
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Release" OR COXSWAIN_SANITIZE)
    return()
  endif()
  get_target_property(files ${target} SOURCES)
  foreach(file ${ARG_BUT})
    list(REMOVE_ITEM files ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  set_source_files_properties(${files} PROPERTIES COMPILE_OPTIONS -Os)
endfunction()

# Lets a target, and those that use it, include "FOLDER/...".
function(house_rights target folder)
  set(rights ${CMAKE_BINARY_DIR}/rights/${target})
  get_filename_component(parent ${rights}/${folder} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${folder} ${rights}/${folder} SYMBOLIC)
  target_include_directories(${target} PUBLIC ${rights})
endfunction()

# Turns files into a C++ source with `std::span<EmbeddedFile const> NAME()`.
function(house_embed target name)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DNAME=${name} "-DFILES=${ARGN}" -DBASE=${CMAKE_SOURCE_DIR}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/embed.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${out})
endfunction()
