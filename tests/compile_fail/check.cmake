# A mistake must give exactly one error, and that error must be our sentence; its twin must compile.
# -D COMPILER= -D INCLUDE=<include/> -D SOURCE= [-D PRECOMPILED=<header with its .gch beside it>]
cmake_minimum_required(VERSION 3.22)

file(READ ${SOURCE} text)
if(NOT text MATCHES "// expect: ([^\n]+)")
    message(FATAL_ERROR "${SOURCE} has no line `// expect: sentence`")
endif()
set(expected "${CMAKE_MATCH_1}")
set(flags)
if(text MATCHES "// flags: ([^\n]+)")
    separate_arguments(flags UNIX_COMMAND "${CMAKE_MATCH_1}")
endif()

# In another language the compiler translates `error:`.
set(ENV{LC_ALL} C)
set(compile ${COMPILER} -std=c++20 -fsyntax-only -fdiagnostics-color=never -I${INCLUDE})

set(read_before)
if(PRECOMPILED)
    set(read_before -include ${PRECOMPILED})
endif()

execute_process(COMMAND ${compile} ${read_before} ${SOURCE} RESULT_VARIABLE result ERROR_VARIABLE output)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "the correct twin does not compile\n${output}")
endif()

# What was read with other flags is of no use.
if(flags)
    set(read_before)
endif()
execute_process(COMMAND ${compile} -DMISTAKE ${flags} ${read_before} ${SOURCE} RESULT_VARIABLE result ERROR_VARIABLE output)
if(result EQUAL 0)
    message(FATAL_ERROR "the mistake compiled, but should give: ${expected}")
endif()
# Brackets and semicolons have a meaning in CMake's lists.
foreach(variable output expected)
    string(REGEX REPLACE "[][;]" "|" plain_${variable} "${${variable}}")
endforeach()
string(REGEX MATCHALL "[^\n]*error: [^\n]*" errors "${plain_output}")
list(LENGTH errors count)
if(NOT count EQUAL 1)
    message(FATAL_ERROR "the mistake gives ${count} errors instead of one\n${output}")
endif()
string(FIND "${errors}" "${plain_expected}" position)
if(position EQUAL -1)
    message(FATAL_ERROR "the error is not the sentence expected\nexpected: ${expected}\n${output}")
endif()
