#pragma once

#include <type_traits>
#include <utility>

namespace onefold {

// A function of the user's that the library keeps and calls: a move-only std::function without <functional>.
template <class Signature> class Callback;
template <class R, class... A>
class Callback<R(A...)> {
public:
    Callback() noexcept = default;
    template <class F>
        requires(!std::is_same_v<std::remove_cvref_t<F>, Callback> && std::is_invocable_r_v<R, F&, A...>)
    Callback(F function)
        : object_(new F(std::move(function))), call_([](void* object, A... arguments) -> R {
              return (*static_cast<F*>(object))(std::forward<A>(arguments)...);
          }),
          destroy_([](void* object) { delete static_cast<F*>(object); }) {}
    Callback(Callback&& other) noexcept
        : object_(std::exchange(other.object_, nullptr)), call_(other.call_), destroy_(other.destroy_) {}
    Callback& operator=(Callback&& other) noexcept {
        std::swap(object_, other.object_);
        std::swap(call_, other.call_);
        std::swap(destroy_, other.destroy_);
        return *this;
    }
    ~Callback() {
        if (object_) destroy_(object_);
    }

    explicit operator bool() const noexcept { return object_ != nullptr; }
    R operator()(A... arguments) const { return call_(object_, std::forward<A>(arguments)...); }

private:
    void* object_ = nullptr;
    R (*call_)(void*, A...) = nullptr;
    void (*destroy_)(void*) = nullptr;
};

// The same for a function that is only called before the call it is passed to returns.
template <class Signature> class FunctionRef;
template <class R, class... A>
class FunctionRef<R(A...)> {
public:
    template <class F>
        requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef> && std::is_invocable_r_v<R, F&, A...>)
    FunctionRef(F&& function) noexcept
        : object_(const_cast<void*>(static_cast<const void*>(&function))), call_([](void* object, A... arguments) -> R {
              return (*static_cast<std::remove_reference_t<F>*>(object))(std::forward<A>(arguments)...);
          }) {}
    R operator()(A... arguments) const { return call_(object_, std::forward<A>(arguments)...); }

private:
    void* object_;
    R (*call_)(void*, A...);
};

} // namespace onefold
