#!/usr/bin/env ruby
# Keeps items and prints them.
require "json"
require_relative "lib/shelf"
autoload :Yaml, "yaml"

LIMIT = 10
$verbose = false
first, (second, *rest), last = 1, [2, 3], 4

module Shop
  VERSION = "1.0".freeze

  class Error < StandardError; end

  class Store < Base::Record
    include Enumerable
    extend Shop::Helpers

    attr_reader :name, :items
    attr_accessor :owner

    @@count = 0
    TAX, RATE = 1, 2

    def initialize(name, items = [], *rest, size:, depth: 1, **options, &block)
      super()
      @name = name
      @items, @owner = items, nil
      @@count += 1
    end

    def self.open(path)
      File.open(path, "r") do |file, mode = "r"; buffer|
        data = JSON.parse(file.read)
        new(data["name"])
      end
    rescue JSON::ParserError, Errno::ENOENT => error
      warn "cannot read #{path}: #{error.message}"
    else
      puts "ok"
    ensure
      $verbose = true
    end

    class << self
      def build(**) = new("x", **)
    end

    def each(&)
      return to_enum(:each) unless block_given?
      items.each { |item, (key, value)| yield item, key, value }
    end

    def total = items.sum { _1.price }

    def name=(value)
      @name = value
    end

    def <=>(other) = name <=> other&.name

    def [](index)
      @items[index]
    end

    private

    def pick(kind)
      case kind
      when :small, String then 1
      else 2
      end
      case items
      in { name: String => label, size: } if size > LIMIT
        label
      in [Integer => head, *tail]
        head + tail.size
      in { other: }
        other
      end
      for index, item in items.each_with_index
        next if item.nil?
      end
      scale = ->(x, y = 1) { x * y }
      area = lambda { |w| w }
      scale.call(2)
      scale.(3)
      @cache ||= {}
      count += 1 while count < LIMIT
      alias_method :choose, :pick
      %w[a b].map(&:upcase)
    end
    alias old_pick pick
  end
end

store = Shop::Store.new("a", size: 1)
store.owner = Shop::VERSION
puts store.total if store
