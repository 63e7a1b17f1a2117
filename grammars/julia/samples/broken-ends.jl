function total(items
    sum = 0
    for item in items
        sum += item
    end
    return sum
end

value = [1, 2, 3
println(value)
