# The runner itself: a copy of a case with one cell changed must fail and name it, and a case with an unknown field must
# be refused by its name.
# -D PROGRAM=<of the case> -D GENERATOR= -D CASE=<folder> -D SCRATCH=
cmake_minimum_required(VERSION 3.22)
file(REMOVE_RECURSE ${SCRATCH})
file(COPY ${CASE}/ DESTINATION ${SCRATCH})

function(expect_failure what sentence)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT result STREQUAL "1")
        message(FATAL_ERROR "${what}: exit code ${result} instead of 1\n${output}")
    endif()
    string(FIND "${output}" "${sentence}" found)
    if(found EQUAL -1)
        message(FATAL_ERROR "${what}: the sentence is not\n${sentence}\nbut\n${output}")
    endif()
endfunction()

file(READ ${SCRATCH}/expected.csv expected)
string(REPLACE "\n4,4,156,6,159," "\n4,4,156,6,158," planted "${expected}")
if(planted STREQUAL expected)
    message(FATAL_ERROR "the cell to change is not where this test looks for it")
endif()
file(WRITE ${SCRATCH}/expected.csv "${planted}")
foreach(executor IN ITEMS batch live)
    expect_failure("a planted cell" "[${executor}]: row 4, column sum_cc: expected 158, got 159"
        ${PROGRAM} ${executor} ${SCRATCH})
endforeach()
# The rows that are left must not hide one that is gone.
string(REGEX REPLACE "[^\n]*\n$" "" planted "${expected}")
file(WRITE ${SCRATCH}/expected.csv "${planted}")
expect_failure("a missing row" "expected no row" ${PROGRAM} live ${SCRATCH})
file(WRITE ${SCRATCH}/expected.csv "${expected}")
execute_process(COMMAND ${PROGRAM} batch ${SCRATCH} RESULT_VARIABLE result OUTPUT_QUIET)
if(NOT result STREQUAL "0")
    message(FATAL_ERROR "the unchanged copy fails")
endif()

file(READ ${SCRATCH}/case.json case)
string(JSON case SET "${case}" features 1 half_life_ms 5)
file(WRITE ${SCRATCH}/case.json "${case}")
expect_failure("an unknown field" "case.json: features[1].half_life_ms: the runner does not know this field"
    ${GENERATOR} ${SCRATCH} ${SCRATCH}/out.cpp)
