#include "onefold/run/parallel.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

namespace onefold::run {

void parallel_for(std::size_t count, unsigned threads, FunctionRef<void(std::size_t)> task) {
    if (threads <= 1 || count <= 1) {
        for (std::size_t i = 0; i < count; ++i) task(i);
        return;
    }
    std::atomic<std::size_t> next{0};
    std::mutex failing;
    std::exception_ptr failure;
    const auto work = [&] {
        for (std::size_t i; (i = next.fetch_add(1)) < count;) {
            try {
                task(i);
            } catch (...) {
                const std::lock_guard lock(failing);
                if (!failure) failure = std::current_exception();
            }
        }
    };
    boost::asio::thread_pool pool(threads - 1);
    for (unsigned t = 1; t < threads; ++t) boost::asio::post(pool, work);
    work();
    pool.join();
    if (failure) std::rethrow_exception(failure);
}

unsigned hardware_threads() noexcept {
    const auto threads = std::thread::hardware_concurrency();
    return threads == 0 ? 1 : threads;
}

} // namespace onefold::run
