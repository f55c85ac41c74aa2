# How every folder of Kerja is built: one static library a folder, linked privately, so that
# an include that breaks the dependency rule does not compile.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
# Assertions stay in what runs: they are part of the program, not of its tests.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O3 -g")
set(CMAKE_C_FLAGS_RELEASE "-O3")
set(KERJA_SANITIZE "" CACHE STRING "sanitizers, as in -fsanitize=")

add_library(kerja_flags INTERFACE)
target_compile_definitions(kerja_flags INTERFACE _GNU_SOURCE)
# A member that is left out is zero, and meant so.
target_compile_options(kerja_flags INTERFACE
    -Wall -Wextra -Wno-missing-field-initializers -Wpedantic -Werror -Wshadow -Wconversion -Wno-sign-conversion -Wstrict-prototypes
    -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wundef -Wvla -Wformat=2
    -fno-common -fstack-protector-strong
    -include ${CMAKE_SOURCE_DIR}/common/base/banned.h)
option(KERJA_FAULTS "fault points in the workers, for ./run faults --points" OFF)
if(KERJA_FAULTS)
    target_compile_definitions(kerja_flags INTERFACE KERJA_FAULTS)
endif()
option(KERJA_BROKEN "workers that can be told to make mistakes, for ./run faults --broken" OFF)
if(KERJA_BROKEN)
    target_compile_definitions(kerja_flags INTERFACE KERJA_BROKEN)
endif()
option(KERJA_FUZZ "for libFuzzer, clang alone: every branch is counted, and fuzz targets look for new inputs" OFF)
if(KERJA_FUZZ)
    # Which lines of a parser its inputs reached is told with them.
    set(counted -fsanitize=fuzzer-no-link -fprofile-instr-generate -fcoverage-mapping)
    target_compile_options(kerja_flags INTERFACE ${counted})
    target_link_options(kerja_flags INTERFACE ${counted})
endif()
if(KERJA_SANITIZE)
    target_compile_options(kerja_flags INTERFACE
        -fsanitize=${KERJA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(kerja_flags INTERFACE -fsanitize=${KERJA_SANITIZE})
endif()

# kerja_library(NAME SOURCES a.c b.c USES base seal LIBRARIES PkgConfig::X)
# USES names the folders whose headers it may include. A header is included as "folder/file.h".
function(kerja_library name)
    cmake_parse_arguments(PARSE_ARGV 1 LIB "" "" "SOURCES;USES;LIBRARIES")
    add_library(kerja_${name} STATIC ${LIB_SOURCES})
    # Only the folders named are visible: each is seen through a link of its own.
    foreach(folder IN ITEMS ${name} ${LIB_USES})
        kerja_visible(kerja_${name} ${folder})
    endforeach()
    target_link_libraries(kerja_${name} PRIVATE kerja_flags ${LIB_LIBRARIES})
    foreach(folder IN LISTS LIB_USES)
        target_link_libraries(kerja_${name} PRIVATE kerja_${folder})
    endforeach()
endfunction()

# Lets a target include "folder/..." and nothing else beside it.
function(kerja_visible target folder)
    set(view ${CMAKE_BINARY_DIR}/include/${folder})
    if(NOT EXISTS ${view}/${folder})
        file(MAKE_DIRECTORY ${view})
        if(folder STREQUAL "schemas")
            file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated/schemas)
            file(CREATE_LINK ${CMAKE_BINARY_DIR}/generated/schemas ${view}/${folder} SYMBOLIC)
        else()
            file(CREATE_LINK ${CMAKE_SOURCE_DIR}/common/${folder} ${view}/${folder} SYMBOLIC)
        endif()
    endif()
    target_include_directories(${target} PRIVATE ${view})
endfunction()

# kerja_unit_test(NAME SOURCES test_x.c USES base decode LIBRARIES ...): a cmocka program called
# unit_NAME that ctest runs under the label "unit".
function(kerja_unit_test name)
    cmake_parse_arguments(PARSE_ARGV 1 TEST "" "" "SOURCES;USES;LIBRARIES")
    add_executable(unit_${name} ${TEST_SOURCES})
    foreach(folder IN LISTS TEST_USES)
        kerja_visible(unit_${name} ${folder})
        target_link_libraries(unit_${name} PRIVATE kerja_${folder})
    endforeach()
    target_link_libraries(unit_${name} PRIVATE kerja_flags PkgConfig::CMOCKA ${TEST_LIBRARIES})
    add_test(NAME unit_${name} COMMAND unit_${name})
    set_tests_properties(unit_${name} PROPERTIES LABELS unit)
endfunction()

# kerja_embed(TARGET VARIABLE FILES...): makes generated/<TARGET>_embedded.h's texts, one
# `extern const char` array a file, so that SQL and schemas travel inside the program.
function(kerja_embed target prefix)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${prefix}_embedded)
    set(files)
    foreach(file IN LISTS ARGN)
        list(APPEND files ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    endforeach()
    add_custom_command(
        OUTPUT ${out}.c ${out}.h
        COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/cmake/embed.py ${out} ${prefix} ${CMAKE_CURRENT_SOURCE_DIR} ${files}
        DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed.py
        VERBATIM)
    target_sources(${target} PRIVATE ${out}.c ${out}.h)
    target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
