# frozen_string_literal: true
# Valid code of Ruby 2.7 to 3.4 that must give no finding.
Point = Data.define(:x, :y) do
  def +(other) = with(x: x + other.x)
end
def forward(...) = target(...)
def anonymous(*, **, &) = target(*, **, &)
def keywords(a:, b: a, **nil) = { a:, b: }
def endless? = true
def shout(text) = puts text.upcase
def rescued = risky rescue nil
case { name: "x", tags: [1, 2, 3] }
in { name: String => name, tags: [Integer, *] } unless name.empty?
  puts name
in [*, { id: 1.. }, *post] | nil
  post
in ^expected | ^(1 + 1) | ^@ivar
  1
end
result = config => { key: }
found = value in [a, b]
list = %w[a b] + %i[c d] + [1, *rest, key: 1]
text = <<~FIRST + <<-'SECOND'
  Hello #{name} #{<<~INNER}
    inner
  INNER
FIRST
  raw
  SECOND
numbers = [1_000, 0xff, 0b11, 0o17, 1r, 2i, 1e-3, ?a]
double = ->(x, y = 2; local) { x * y } >> method(:puts)
list.map { it * 2 }.then { _1 + _2 }.each_slice 2 do |a, (b, *c), d: 1, **e| end
hash = { "a": 1, b => 2, **other, "c#{1}": 3, if: 1 }
obj&.method&.call(1) { |x| break x }.()
unless a and not b or c then d else e end
begin; work; rescue A, *B => e; retry; else; nil; ensure; done; end while false
a, (b, *c), d.e, f[0] = *g
x ||= y &&= z
puts "a" "b" 'c', `ls`, /re#{x}/mix, %r{/path}, %q(x), :"sym bol", :+, __method__
class << self; attr_accessor :z; end
private def hidden; end
p((1..), (..2), (1...3), !x, -y, ~z, a <=> b, a =~ /b/, defined?(@x), a ? b : c)
BEGIN { setup }
END { teardown }
alias $new $old
undef foo, bar
def self.[]=(k, v); @h[k] = v; end
while line = gets do next if line =~ /x/..line =~ /y/ end
__END__
anything at all ( [ {
