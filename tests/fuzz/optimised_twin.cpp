// The exact arithmetic of the slow twin with optimisation, in the first object of a program whose definitions are
// compiled without: of equal inline functions the linker keeps the first. Nothing here is called.

#include <tuple>

#include "support/approximate_twin.hpp"

template struct twin::Numbers<double>;
template struct twin::Numbers<float>;
template struct twin::Numbers<bool>;
template struct twin::Numbers<std::int16_t>;
template struct twin::Numbers<std::int64_t>;
template class twin::Decay<double>;
template class twin::Decay<float>;
template class twin::Decay<bool>;
template class twin::Decay<std::int16_t>;
template class twin::Decay<std::int64_t>;

namespace fuzz {

[[gnu::used]] void keep() {
    using reference::Moments;
    volatile auto kept =
        std::tuple(&reference::units, &reference::nearest, &reference::ratio, &Moments::add, &Moments::spread,
                   &Moments::divisor, &Moments::rounded_sum, &Moments::mean, &Moments::variance, &Moments::stddev,
                   &Moments::zscore, &reference::log2_steps, &twin::middle_of_bucket, &twin::estimate_of_registers,
                   &twin::power_of_two, &twin::half_times);
    static_cast<void>(kept);
}

} // namespace fuzz
