// Valid code of Kotlin up to 2.2; the grammar rejects part of it, so its findings stay silent.
package demo
import kotlin.collections.*
context(log: Logger) fun traced() = log.info("x")
fun interface F { fun f(): Int }
@JvmInline value class Id(val raw: String)
data object Empty : Shape
sealed interface Shape { class Circle(val r: Double) : Shape }
enum class E(val x: Int) { A(1) { override fun g() = 1 }, B(2); open fun g() = 2 }
class C<T : Any>(val a: T, vararg rest: Int) where T : Comparable<T> { companion object; init { }; constructor() : this(x) }
inline fun <reified T> List<T>.second(crossinline block: (T) -> Unit): T? = this.getOrNull(1)?.also { block(it) }
val map = HashMap<String, Int>(10)
val text = $$"""price: $${map.size} $literal"""
fun pick(x: Any) = when (x) { is String if x.isEmpty() -> 1; in 1..<10, !in list -> 2; else -> 3 }
val (a, _) = pair; var p: Int by lazy { 1 }; val n = a?.b ?: return@run; val r = object : I, J by k { }
typealias Handler = suspend (Int) -> Unit
tailrec fun go(n: Int): Int = if (n <= 0) 0 else go(n - 1)
val numbers = 1_000L + 0xFF + 0b11 + 1.5e-3f + 1u; label@ for (i in 0 until 10 step 2) { continue@label }
