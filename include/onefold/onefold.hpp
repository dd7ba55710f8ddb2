#pragma once

// Everything that defines features and computes them in memory. Files, the driver and the parity check are further
// headers, so that a program that only scores does not pay for compiling them:
//     onefold/run/backfill.hpp  onefold/run/sharded.hpp  onefold/run/parity.hpp  onefold/run/driver.hpp
//     onefold/adapter/text_file.hpp
#include "onefold/define/define.hpp"
#include "onefold/run/live.hpp"
