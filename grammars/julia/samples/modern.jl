# Valid code of Julia 1.6 to 1.12 that must give no finding.
module Demo
using Base: show, @kwdef
import ..Outer as O
public price
export total
abstract type A{T <: Number} end
@kwdef mutable struct B{T} <: A{T}
    x::T = 1
    y
end
mutable struct Fixed
    const x::Int
    const y
    z
end
f(x::T, y::Int = 1, rest...; k = 2, kw...) where {T <: Real} = x + y
function g(::Type{T})::Vector{T} where T
    try
        error("x")
    catch e
        e isa ErrorException || rethrow()
    else
        1
    finally
        2
    end
end
h = (x, (y, z)) -> x .+ y' * z
squares = [x^2 + y for x in 1:10, y = 1:2 if isodd(x)]
gen = sum(x for x in 1:3)
matrix = [1 2; 3 4]
typed = Int[1, 2, 3]
tensor = [1;;; 2]
dict = Dict("a" => 1, :b => 2)
(; a, b) = (a = 1, b = 2)
x = a ? b : c
y = 2x + 3(x - 1)
s = "interpolated $x $(x + 1)" * raw"\n" * r"a+"i * b"bytes"
c = `ls -l $file`
1 < x <= 3 && !ok || return
x |> f ∘ g |> println
α = β ≈ γ
for i in 1:3, j in i:3
    continue
end
while true
    break
end
let a = 1, b
    a
end
map(1:3) do x
    x
end
quote
    $x + 1
end
macro m(ex...)
    esc(ex)
end
@m begin
    1
end
a.b.c[end] += 1
x = if a
    1
elseif b
    2
else
    3
end
begin
    local z = 1
    global w = 2
end
const K = 1_000 + 0xff + 0b11 + 1.5e-3 + 2im + 1//2
:(a + b); :sym; var"odd name" = 1
f.(x) .= y
A{Int}(1)
"""
doc
"""
struct P end
end
