option(ONEFOLD_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(ONEFOLD_CONFORMANCE "Build the conformance cases among the tests" ON)
option(ONEFOLD_BUILD_EXAMPLES "Build the examples" ${PROJECT_IS_TOP_LEVEL})
option(ONEFOLD_BUILD_BENCH "Build the benchmarks" ${PROJECT_IS_TOP_LEVEL})
option(ONEFOLD_INSTALL "Install the library and its package config" ${PROJECT_IS_TOP_LEVEL})
option(ONEFOLD_WARNINGS "Turn the compiler's warnings on for Onefold's own code" ${PROJECT_IS_TOP_LEVEL})
option(ONEFOLD_WERROR "Make those warnings errors" OFF)
set(ONEFOLD_SANITIZE "" CACHE STRING "Sanitizers for everything built here: 'address,undefined' or 'thread'")

if(PROJECT_IS_TOP_LEVEL)
    set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
    if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
        set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
    endif()
    find_program(ONEFOLD_CCACHE ccache)
    if(ONEFOLD_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
        # Without the first ccache declines every file that uses a precompiled header; by the second it takes the list of
        # headers from the compilation, and does not preprocess each file once more to learn it.
        set(CMAKE_CXX_COMPILER_LAUNCHER
            ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_DEPEND=1 ${ONEFOLD_CCACHE})
    endif()
endif()

if(ONEFOLD_SANITIZE)
    add_compile_options(-fsanitize=${ONEFOLD_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${ONEFOLD_SANITIZE})
endif()

function(onefold_warnings target)
    if(ONEFOLD_WARNINGS)
        target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
            $<$<BOOL:${ONEFOLD_WERROR}>:-Werror>)
        if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
            # It warns of bounds inside its own std::string in code that cannot run (GCC bugs 105329 and 105651).
            target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
        endif()
        if(ONEFOLD_SANITIZE)
            # The sanitizers' own code leads g++ to warn of it in the standard library.
            target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
        endif()
        if(ONEFOLD_SANITIZE MATCHES "thread")
            # g++ warns of the fences in Boost.Asio, which this sanitizer does not follow; locks order the same accesses.
            target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
        endif()
    endif()
endfunction()
