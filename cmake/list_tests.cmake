# Asks a test program for its test cases and writes an add_test for each, so that ctest shows them by name. Catch2's own
# script for this splits names at unpaired brackets, and the names of windows have those: (t-W, t].
# -D PROGRAM= -D FOLDER= -D CATCH=<version> -D DIRECTORY=<to run in> -D COST=<highest first> -D LIST=<file to write>
cmake_minimum_required(VERSION 3.22)

if(CATCH VERSION_LESS 3)
    set(list_arguments --list-test-names-only)
    # Version 2 passes when its argument names no test case.
    set(run_arguments --warn NoTests)
else()
    set(list_arguments --list-tests --verbosity quiet)
    set(run_arguments)
endif()
# Version 2 exits with the number of test cases.
execute_process(COMMAND ${PROGRAM} ${list_arguments} WORKING_DIRECTORY ${DIRECTORY} OUTPUT_VARIABLE names
    ERROR_VARIABLE errors)
if(names STREQUAL "" OR NOT errors STREQUAL "")
    message(FATAL_ERROR "${PROGRAM} lists no test cases\n${errors}")
endif()

set(script "")
while(names MATCHES "^([^\n]*)\n")
    string(LENGTH "${CMAKE_MATCH_0}" length)
    string(SUBSTRING "${names}" ${length} -1 names)
    string(STRIP "${CMAKE_MATCH_1}" name)
    if(NOT name STREQUAL "")
        string(REGEX REPLACE "([][\\,])" "\\\\\\1" pattern "${name}")
        string(APPEND script "add_test([==[${FOLDER}: ${name}]==] [==[${PROGRAM}]==] [==[${pattern}]==] ${run_arguments})\n"
            "set_tests_properties([==[${FOLDER}: ${name}]==] PROPERTIES LABELS ${FOLDER} TIMEOUT 300"
            " COST ${COST} WORKING_DIRECTORY [==[${DIRECTORY}]==])\n")
    endif()
endwhile()
file(WRITE ${LIST} "${script}")
