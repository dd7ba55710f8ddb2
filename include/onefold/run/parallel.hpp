#pragma once

#include <cstddef>

#include "onefold/core/callback.hpp"

namespace onefold::run {

// Runs task(0) .. task(count - 1) on up to `threads` threads, the caller's among them, and returns when all are done.
// The first exception of a task is rethrown after the others have ended. Tasks are taken in order, one at a time.
void parallel_for(std::size_t count, unsigned threads, FunctionRef<void(std::size_t)> task);

// The number of threads the machine runs at once, at least 1.
unsigned hardware_threads() noexcept;

} // namespace onefold::run
