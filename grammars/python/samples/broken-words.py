def greet(name)
    print("hello", name)


for index in range(3) print(index)

if name = "x":
    pass

class
