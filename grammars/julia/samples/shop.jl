# A shop and its orders.
module Shop

using LinearAlgebra
using Statistics: mean, std as deviation
import Base: show, +
import JSON as J
include("items.jl")
export Item, total
public price

const LIMIT = 10
const A, B = 1, 2
global counter = 0
first, (second, rest...) = 1, (2, 3)

abstract type Named end
primitive type Small 8 end

"""
One thing on the shelf.
"""
struct Item{T<:Real} <: Named
    name::String
    price::T
    tags
    Item(name) = new{Int}(name, 0, [])
end

Base.@kwdef mutable struct Store{K, V}
    items::Dict{K, V} = Dict()
    const size::Int = 4
end

@enum Status OPEN CLOSED=2

function total(items::Vector{Item}, rate = 0.2; tax::Float64 = 1.0, extra...)::Float64 where {T}
    sum = 0.0
    for item in items
        sum += item.price * tax
    end
    for (index, value) in enumerate(items), k = 1:3
        println("$index: $(value.name)")
    end
    while sum > LIMIT
        local step = 1
        sum -= step
    end
    try
        parse(Int, "x")
    catch error
        @warn "bad" error
    else
        nothing
    finally
        close(io)
    end
    if sum > 1
        doubled = 2sum
    elseif rate == 1
        return rate
    end
    let a = 1, b = a
        a + b
    end
    squares = [x^2 for x in 1:10 if isodd(x)]
    pairs = Dict(k => v for (k, v) in items)
    add = (x, y::Int = 1, more...) -> x + y
    twice = x -> 2x
    map(items) do item, other
        item.name
    end
    return sum
end

price(item::Item; scale = 1) = item.price * scale
Base.show(io::IO, item::Item) = print(io, item.name)
(s::Store)(key) = s.items[key]
+(a::Item, b::Item) = a
f(x::T) where {T <: Number} = x

macro twice(ex)
    quote
        $(esc(ex))
        $(esc(ex))
    end
end

x = begin
    y = 2
    y .+ [1 2; 3 4] .* x'
end
z = x > 1 ? :yes : Symbol("no")
@twice println(z)
s = raw"text" * r"a+"i * `ls -l`
end # module
