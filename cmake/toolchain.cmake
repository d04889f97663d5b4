# How everything is compiled: ccache and mold where they are installed, strict warnings, hardening in release.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The content counts, not time stamps nor where the tree stands: a fresh clone finds what another one has compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${CCACHE})
endif()
find_program(MOLD mold)

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

add_library(house_flags INTERFACE)
target_compile_options(house_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wno-mismatched-new-delete -fno-strict-aliasing -pipe)
# g++ 12 sees overlaps in std::string's operator+ that are not there (its bug 105651).
target_compile_options(house_flags INTERFACE -Wno-restrict)
if(MOLD)
  target_link_options(house_flags INTERFACE -fuse-ld=mold)
endif()

if(COXSWAIN_SANITIZE)
  target_compile_options(house_flags INTERFACE -fsanitize=${COXSWAIN_SANITIZE} -fno-omit-frame-pointer
                                               -fno-sanitize-recover=all -g1)
  target_link_options(house_flags INTERFACE -fsanitize=${COXSWAIN_SANITIZE})
endif()
# g++ warns falsely about Asio's fences under the thread sanitizer, and about its own library under the others.
if(NOT COXSWAIN_SANITIZE)
  target_compile_options(house_flags INTERFACE -Werror)
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT COXSWAIN_SANITIZE)
  target_compile_options(house_flags INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS -fstack-protector-strong -fstack-clash-protection
    -fcf-protection=full -ffunction-sections -fdata-sections)
  target_link_options(house_flags INTERFACE
    -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--gc-sections)
  # Asio's and Beast's templates come to the same code many times over; nothing here compares addresses of functions.
  if(MOLD)
    target_link_options(house_flags INTERFACE -Wl,--icf=all)
  endif()
endif()
# Asserts of the house stay on in every build (core/assert.hpp), so NDEBUG may be what the build type says.
