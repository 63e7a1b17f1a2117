@file:JvmName("Shop")

package shop.orders

import kotlin.math.max
import shop.model.Item as Thing
import shop.util.*

const val LIMIT = 10
private var counter: Int = 0
val (left, right) = Pair(1, 2)
typealias Handler<T> = (item: T, Int) -> Unit

interface Named<out T : Any> {
    val name: String
    fun label(prefix: String = ""): String
}

enum class Status(val code: Int) {
    OPEN(1),
    CLOSED(0);

    fun isOpen() = this == OPEN
}

sealed class Shape {
    data class Circle(val radius: Double) : Shape()
    object Empty : Shape()
}

/** Holds items. */
open class Store<T : Thing, K>(private val items: MutableList<T>, size: Int = 4) : Base<T>(size), Named<T> where K : Comparable<K> {
    override val name: String = "store"
    lateinit var owner: String
    var width: Int = 0
        get() = field
        set(value) { field = max(value, 0) }
    val lazyTotal by lazy { items.size }

    init {
        val seed = LIMIT
        counter += seed
    }

    constructor(title: String) : this(mutableListOf()) {
        owner = title
    }

    companion object {
        const val TAX = 0.2
        fun <R> create(make: () -> R): R = make()
    }

    override fun label(prefix: String): String {
        for (item in items) println(item)
        for ((index, value) in items.withIndex()) {
            val inner = index + value.size
            counter = inner
        }
        try {
            owner.length
        } catch (error: IllegalStateException) {
            throw RuntimeException("bad $prefix ${error.message}", error)
        } finally {
            close()
        }
        val kind = when (val shape = pick<Shape>()) {
            is Shape.Circle -> shape.radius
            in 1..LIMIT -> 0.0
            else -> null
        }
        items.forEach { println(it) }
        val scale = { x: Int, (a, b) -> x * a + b }
        val twice = fun(x: Int): Int { return x * 2 }
        items.map { item -> item.name }.filter(String::isNotEmpty)
        outer@ while (counter < LIMIT) { break@outer }
        return owner?.trim() ?: kind!!.toString() as String
    }

    suspend fun <A> String.repeatIt(times: Int, vararg rest: A, block: suspend (A) -> Unit) = apply { block(rest[0]) }

    inner class Slot {
        val index = 0
    }
}

object Registry : Named<Store<Thing, Int>> {
    private val stores = hashMapOf<String, Store<*, *>>()
    operator fun get(key: String) = stores[key]
}

annotation class Marker(val value: String)

fun main(args: Array<String>) {
    val store = Store(args.toList())
    if (args.isEmpty()) {
        val message = store.name
        println(message)
    }
    val listener = object : Listener {
        override fun heard(sound: String) {}
    }
}
